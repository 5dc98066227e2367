package dev.nearhand.transport.sctp;

/// What both sides agreed on in INIT and INIT ACK, as seen from here.
///
/// @param windowBytes the peer's receive window at the start
/// @param outboundStreams how many streams may be sent on
/// @param inboundStreams how many streams the peer may send on
/// @param forwardTsn whether the peer understands FORWARD TSN (RFC 3758)
/// @param reconfig whether the peer understands RE-CONFIG (RFC 6525)
/// @param interleaving whether both speak I-DATA instead of DATA (RFC 8260)
/// @param zeroChecksum whether the peer takes packets without a checksum (RFC 9653)
/// @param padding whether the peer says that it knows PAD (RFC 4820): some end at a chunk that they do not know
record PeerTerms(
        int tag,
        int initialTsn,
        long windowBytes,
        int outboundStreams,
        int inboundStreams,
        boolean forwardTsn,
        boolean reconfig,
        boolean interleaving,
        boolean zeroChecksum,
        boolean padding) {}
