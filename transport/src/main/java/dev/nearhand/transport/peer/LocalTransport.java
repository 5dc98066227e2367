package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import java.util.List;

/// What a description of ours says about the one transport under its bundle.
record LocalTransport(
        IceCredentials credentials,
        List<Candidate> candidates,
        Fingerprint fingerprint,
        int sctpPort,
        long maxMessageBytes) {}
