package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import dev.nearhand.transport.sdp.Setup;
import java.util.List;

/// The one transport of the other side, gathered from the sections of its bundle.
///
/// @param setup what its description says about the DTLS role
record RemoteTransport(
        IceCredentials credentials,
        Fingerprint fingerprint,
        Setup setup,
        List<Candidate> candidates,
        boolean endOfCandidates,
        boolean iceLite) {}
