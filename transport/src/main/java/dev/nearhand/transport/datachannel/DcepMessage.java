package dev.nearhand.transport.datachannel;

import dev.nearhand.transport.sctp.Reliability;
import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The data channel establishment protocol
/// ([RFC 8832 section 5](https://www.rfc-editor.org/rfc/rfc8832#section-5)).
sealed interface DcepMessage {
    int ACK_TYPE = 2;
    int OPEN_TYPE = 3;

    /// "DATA_CHANNEL_ACK": the channel is known to the other side too.
    record Ack() implements DcepMessage {
        @Override
        public ByteBuffer toBytes() {
            return ByteBuffer.allocate(1).put(0, (byte) ACK_TYPE);
        }
    }

    /// "DATA_CHANNEL_OPEN": what the channel on this stream is to be.
    record Open(DataChannelConfig config) implements DcepMessage {
        private static final int FIXED_BYTES = 12;
        private static final int UNORDERED = 0x80;
        private static final int RELIABLE = 0;
        private static final int MAX_RETRANSMITS = 1;
        private static final int MAX_LIFETIME = 2;

        static @Nullable Open parse(ByteReader in) {
            int channelType = in.u8();
            int priority = in.u16();
            long parameter = in.u32();
            int labelLength = in.u16();
            int protocolLength = in.u16();
            byte[] label = in.bytes(labelLength);
            byte[] protocol = in.bytes(protocolLength);
            Reliability reliability = reliability(channelType & ~UNORDERED, parameter);
            if (in.isTruncated() || reliability == null) {
                return null;
            }
            String labelText = new String(label, StandardCharsets.UTF_8);
            String protocolText = new String(protocol, StandardCharsets.UTF_8);
            if (!DataChannelConfig.fits(labelText) || !DataChannelConfig.fits(protocolText)) {
                return null; // malformed UTF-8 grows when it is read
            }
            return new Open(new DataChannelConfig(
                    labelText,
                    protocolText,
                    (channelType & UNORDERED) == 0,
                    reliability,
                    priority,
                    OptionalInt.empty()));
        }

        private static @Nullable Reliability reliability(int kind, long parameter) {
            return switch (kind) {
                case RELIABLE -> Reliability.RELIABLE;
                case MAX_RETRANSMITS -> new Reliability.MaxRetransmits((int) Math.min(parameter, Integer.MAX_VALUE));
                case MAX_LIFETIME -> new Reliability.MaxLifetime(parameter);
                default -> null;
            };
        }

        @Override
        public ByteBuffer toBytes() {
            byte[] label = config.label().getBytes(StandardCharsets.UTF_8);
            byte[] protocol = config.protocol().getBytes(StandardCharsets.UTF_8);
            int kind =
                    switch (config.reliability()) {
                        case Reliability.Reliable _ -> RELIABLE;
                        case Reliability.MaxRetransmits _ -> MAX_RETRANSMITS;
                        case Reliability.MaxLifetime _ -> MAX_LIFETIME;
                    };
            long parameter =
                    switch (config.reliability()) {
                        case Reliability.Reliable _ -> 0;
                        case Reliability.MaxRetransmits limited -> limited.count();
                        case Reliability.MaxLifetime limited -> Math.min(limited.millis(), 0xFFFF_FFFFL);
                    };
            ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + label.length + protocol.length);
            new ByteWriter(bytes)
                    .u8(OPEN_TYPE)
                    .u8(kind | (config.ordered() ? 0 : UNORDERED))
                    .u16(config.priority())
                    .u32(parameter)
                    .u16(label.length)
                    .u16(protocol.length)
                    .bytes(label)
                    .bytes(protocol);
            return bytes.flip();
        }
    }

    ByteBuffer toBytes();

    /// Reads a message, or answers null when it makes no sense.
    static @Nullable DcepMessage parse(ByteBuffer message) {
        ByteReader in = new ByteReader(message);
        return switch (in.u8()) {
            case ACK_TYPE -> new Ack();
            case OPEN_TYPE -> Open.parse(in);
            default -> null;
        };
    }
}
