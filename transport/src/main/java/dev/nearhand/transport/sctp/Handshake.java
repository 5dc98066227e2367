package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.ChunkType;
import dev.nearhand.transport.sctp.packet.InitAckChunk;
import dev.nearhand.transport.sctp.packet.InitBody;
import dev.nearhand.transport.sctp.packet.InitChunk;
import dev.nearhand.transport.sctp.packet.OtherParameter;
import dev.nearhand.transport.sctp.packet.Parameter;
import dev.nearhand.transport.sctp.packet.ParameterType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What INIT, INIT ACK and the cookie say; the states and timers around them are the association's
/// ([RFC 9260 section 5](https://www.rfc-editor.org/rfc/rfc9260#section-5)).
///
/// Keeps one tag and one initial TSN from the beginning, so that INITs that cross on the wire speak of the same
/// association (section 5.2.1).
final class Handshake {
    /// "Max.Init.Retransmits"
    static final int MAX_INIT_RETRANSMITS = 8;

    /// The error detection method of RFC 9653 that is SCTP over DTLS.
    private static final int ERRORS_FOUND_BY_DTLS = 1;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
    private static final byte[] EXTENSIONS = {
        (byte) ChunkType.RECONFIG, (byte) ChunkType.FORWARD_TSN, (byte) ChunkType.PAD
    };
    private static final byte[] INTERLEAVING_EXTENSIONS = {
        (byte) ChunkType.RECONFIG,
        (byte) ChunkType.FORWARD_TSN,
        (byte) ChunkType.PAD,
        (byte) ChunkType.I_DATA,
        (byte) ChunkType.I_FORWARD_TSN
    };

    /// What to do with a COOKIE ECHO while an association stands or is being set up (section 5.2.4).
    enum CookieAction {
        /// There was none: it stands now.
        ESTABLISH,
        /// Action A: the peer began anew.
        RESTART,
        /// Action B: both began at the same time; the peer's newer tag counts.
        ADOPT,
        /// Action D: the COOKIE ACK was lost.
        ACKNOWLEDGE,
        /// Action C, and cookies of another association: silently discarded.
        DISCARD
    }

    private final SctpConfig config;
    private final RandomGenerator secrets;
    private int localTag;
    private int initialTsn;
    private StateCookie.@Nullable Key key;

    Handshake(SctpConfig config, RandomGenerator secrets) {
        this.config = config;
        this.secrets = secrets;
        this.localTag = newTag();
        this.initialTsn = secrets.nextInt();
    }

    int localTag() {
        return localTag;
    }

    int initialTsn() {
        return initialTsn;
    }

    /// @param zeroChecksum whether the peer is told that it need not compute checksums, if this side takes such packets
    InitChunk init(boolean zeroChecksum) {
        return new InitChunk(body(localTag, initialTsn, capabilities(zeroChecksum)));
    }

    static boolean isUsable(InitBody peer) {
        return peer.initiateTag() != 0 && peer.outboundStreams() != 0 && peer.inboundStreams() != 0;
    }

    /// What the peer's INIT or INIT ACK means for this side; null when it cannot be used.
    @Nullable
    PeerTerms terms(InitBody peer) {
        if (!isUsable(peer)) {
            return null;
        }
        boolean forwardTsn = false;
        boolean reconfig = false;
        boolean interleaving = false;
        boolean zeroChecksum = false;
        boolean padding = false;
        for (Parameter parameter : peer.parameters()) {
            if (parameter.type() == ParameterType.FORWARD_TSN_SUPPORTED) {
                forwardTsn = true;
            } else if (parameter instanceof OtherParameter(int type, ByteBuffer value)
                    && type == ParameterType.SUPPORTED_EXTENSIONS) {
                forwardTsn |= contains(value, ChunkType.FORWARD_TSN);
                reconfig |= contains(value, ChunkType.RECONFIG);
                padding |= contains(value, ChunkType.PAD);
                // partial reliability goes along with it, or there is none of the two
                interleaving |= config.interleaving()
                        && contains(value, ChunkType.I_DATA)
                        && contains(value, ChunkType.I_FORWARD_TSN);
            } else if (parameter instanceof OtherParameter(int type, ByteBuffer value)
                    && type == ParameterType.ZERO_CHECKSUM_ACCEPTABLE) {
                zeroChecksum = config.zeroChecksum()
                        && value.remaining() == Integer.BYTES
                        && value.getInt(value.position()) == ERRORS_FOUND_BY_DTLS;
            }
        }
        return new PeerTerms(
                peer.initiateTag(),
                peer.initialTsn(),
                peer.windowBytes(),
                Math.min(config.maxStreams(), peer.inboundStreams()),
                Math.min(config.maxStreams(), peer.outboundStreams()),
                forwardTsn,
                reconfig,
                interleaving,
                zeroChecksum,
                padding);
    }

    /// Answers an INIT without remembering it.
    ///
    /// @param standing the peer of the association that stands, if one does
    InitAckChunk answer(long nowNanos, InitBody init, PeerTerms terms, @Nullable PeerTerms standing, boolean isNew) {
        int tag = isNew ? newTag() : localTag;
        int tsn = isNew ? secrets.nextInt() : initialTsn;
        StateCookie cookie = new StateCookie(
                nowNanos, tag, tsn, standing == null ? 0 : localTag, standing == null ? 0 : standing.tag(), terms);
        List<Parameter> parameters = new ArrayList<>(capabilities(terms.zeroChecksum()));
        parameters.add(new OtherParameter(ParameterType.STATE_COOKIE, cookie.seal(key())));
        int room = config.maxPacketBytes() / 2;
        for (ByteBuffer unknown : unrecognized(init)) {
            room -= unknown.remaining() + 8;
            if (room >= 0) {
                parameters.add(new OtherParameter(ParameterType.UNRECOGNIZED_PARAMETER, unknown));
            }
        }
        return new InitAckChunk(body(tag, tsn, parameters));
    }

    /// The cookie of an INIT ACK, copied, or null when it is missing.
    static @Nullable ByteBuffer cookie(InitBody initAck) {
        for (Parameter parameter : initAck.parameters()) {
            if (parameter instanceof OtherParameter(int type, ByteBuffer value) && type == ParameterType.STATE_COOKIE) {
                return copy(value);
            }
        }
        return null;
    }

    /// Copies of the parameters that are not understood and whose sender wants to hear of it (section 3.2.1).
    static List<ByteBuffer> unrecognized(InitBody body) {
        List<ByteBuffer> reported = new ArrayList<>();
        for (Parameter parameter : body.parameters()) {
            if (!(parameter instanceof OtherParameter other) || isUnderstood(other.type())) {
                continue;
            }
            if (other.isReported()) {
                reported.add(copy(other.toBytes()));
            }
            if (!other.isSkipped()) {
                break;
            }
        }
        return reported;
    }

    @Nullable
    StateCookie open(ByteBuffer cookie) {
        return key == null ? null : StateCookie.open(cookie, key);
    }

    /// Decides by the table of section 5.2.4.
    CookieAction decide(StateCookie cookie, @Nullable PeerTerms standing) {
        boolean localMatches = cookie.localTag() == localTag;
        if (standing == null) {
            return localMatches ? CookieAction.ESTABLISH : CookieAction.DISCARD;
        }
        boolean peerMatches = cookie.peer().tag() == standing.tag();
        if (localMatches) {
            return peerMatches ? CookieAction.ACKNOWLEDGE : CookieAction.ADOPT;
        }
        boolean tiesMatch = cookie.localTieTag() == localTag && cookie.peerTieTag() == standing.tag();
        return !peerMatches && tiesMatch ? CookieAction.RESTART : CookieAction.DISCARD;
    }

    /// The association goes on under the tag and TSN that a cookie gave it.
    void adopt(StateCookie cookie) {
        localTag = cookie.localTag();
        initialTsn = cookie.localInitialTsn();
    }

    private InitBody body(int tag, int tsn, List<Parameter> parameters) {
        return new InitBody(
                tag, config.receiveWindowBytes(), config.maxStreams(), config.maxStreams(), tsn, parameters);
    }

    private List<Parameter> capabilities(boolean zeroChecksum) {
        List<Parameter> all = new ArrayList<>();
        all.add(new OtherParameter(ParameterType.FORWARD_TSN_SUPPORTED, EMPTY));
        all.add(new OtherParameter(
                ParameterType.SUPPORTED_EXTENSIONS,
                ByteBuffer.wrap(config.interleaving() ? INTERLEAVING_EXTENSIONS : EXTENSIONS)));
        if (zeroChecksum && config.zeroChecksum()) {
            ByteBuffer method = ByteBuffer.allocate(Integer.BYTES).putInt(0, ERRORS_FOUND_BY_DTLS);
            all.add(new OtherParameter(ParameterType.ZERO_CHECKSUM_ACCEPTABLE, method));
        }
        return all;
    }

    private static boolean isUnderstood(int type) {
        return switch (type) {
            case ParameterType.IPV4_ADDRESS,
                    ParameterType.IPV6_ADDRESS,
                    ParameterType.STATE_COOKIE,
                    ParameterType.UNRECOGNIZED_PARAMETER,
                    ParameterType.COOKIE_PRESERVATIVE,
                    ParameterType.SUPPORTED_ADDRESS_TYPES,
                    ParameterType.ZERO_CHECKSUM_ACCEPTABLE,
                    ParameterType.SUPPORTED_EXTENSIONS,
                    ParameterType.FORWARD_TSN_SUPPORTED -> true;
            default -> false;
        };
    }

    private static boolean contains(ByteBuffer chunkTypes, int type) {
        for (int i = chunkTypes.position(); i < chunkTypes.limit(); i++) {
            if ((chunkTypes.get(i) & 0xFF) == type) {
                return true;
            }
        }
        return false;
    }

    private StateCookie.Key key() {
        if (key == null) {
            key = StateCookie.Key.generate(secrets);
        }
        return key;
    }

    private int newTag() {
        int tag = secrets.nextInt();
        return tag == 0 ? 1 : tag;
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        return copy.put(bytes.duplicate()).flip();
    }
}
