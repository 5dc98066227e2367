package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.DtlsCertificate;
import dev.nearhand.transport.dtls.DtlsEndpointFactory;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// All that a [PeerCore] cannot have by itself.
///
/// @param random for what only has to differ: identifiers, jitter
/// @param secrets for what nobody may guess; a `SecureRandom` outside of tests
/// @param wallClock for RTCP sender reports
/// @param wakeUp called from any thread when [PeerCore#handleWakeUp] has something to do
public record PeerPorts(
        RandomGenerator random,
        RandomGenerator secrets,
        InstantSource wallClock,
        DtlsEndpointFactory dtls,
        DtlsCertificate certificate,
        Runnable wakeUp) {}
