package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import java.nio.ByteBuffer;
import java.util.List;

/// What a description of ours says about the one transport under its bundle.
///
/// @param complete whether no further candidates will come
/// @param sctpInit the INIT chunk that need not travel if the other side takes it from here; empty for none
record LocalTransport(
        IceCredentials credentials,
        List<Candidate> candidates,
        boolean complete,
        Fingerprint fingerprint,
        int sctpPort,
        long maxMessageBytes,
        ByteBuffer sctpInit) {
    /// Without an INIT chunk.
    LocalTransport(
            IceCredentials credentials,
            List<Candidate> candidates,
            boolean complete,
            Fingerprint fingerprint,
            int sctpPort,
            long maxMessageBytes) {
        this(credentials, candidates, complete, fingerprint, sctpPort, maxMessageBytes, ByteBuffer.allocate(0));
    }
}
