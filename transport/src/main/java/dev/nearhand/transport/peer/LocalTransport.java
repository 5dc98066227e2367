package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import java.util.List;

/// What a description of ours says about the one transport under its bundle.
///
/// @param complete whether no further candidates will come
record LocalTransport(
        IceCredentials credentials,
        List<Candidate> candidates,
        boolean complete,
        Fingerprint fingerprint,
        int sctpPort,
        long maxMessageBytes) {}
