package dev.nearhand.transport.payload;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Cuts and joins, and makes frames that are well-formed as far as payload formats look at them.
public final class Payloads {
    private Payloads() {}

    public static List<byte[]> cut(Packetizer packetizer, byte[] frame, int maxBytes) {
        List<byte[]> payloads = new ArrayList<>();
        packetizer.begin(ByteBuffer.wrap(frame), maxBytes);
        while (packetizer.hasNext()) {
            ByteBuffer into = ByteBuffer.allocate(maxBytes);
            packetizer.writeNext(into);
            byte[] payload = new byte[into.position()];
            into.get(0, payload);
            payloads.add(payload);
        }
        return payloads;
    }

    /// What comes out of payloads in this order; null when one of them is refused, or they do not fit together.
    static byte @Nullable [] join(Codec codec, List<byte[]> payloads) {
        Depacketizer depacketizer = Depacketizer.of(codec);
        List<ByteBuffer> media = new ArrayList<>();
        for (byte[] payload : payloads) {
            Depacketizer.Piece piece = depacketizer.inspect(ByteBuffer.wrap(payload));
            if (piece == null) {
                return null;
            }
            media.add(ByteBuffer.wrap(payload, piece.descriptorBytes(), payload.length - piece.descriptorBytes())
                    .slice());
        }
        return depacketizer.join(media);
    }

    /// A frame of a codec, as its depacketizer gives it back.
    public static byte[] frame(Codec codec, Random random, boolean keyframe) {
        return switch (codec) {
            case H264 -> h264(random, keyframe, 4);
            case AV1 -> av1(random, keyframe);
            case VP8 -> first(bytes(random, 4_000), keyframe ? 0x30 : 0x31);
            case VP9 -> first(bytes(random, 4_000), keyframe ? 0x82 : 0x86);
            case OPUS -> bytes(random, 100);
        };
    }

    private static byte[] first(byte[] bytes, int value) {
        bytes[0] = (byte) value;
        return bytes;
    }

    private static byte[] bytes(Random random, int most) {
        byte[] bytes = new byte[1 + random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    /// @param startCodeBytes of the start codes, 3 or 4; 0 for a mixture
    static byte[] h264(Random random, boolean keyframe, int startCodeBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int[] types = keyframe ? new int[] {0x67, 0x68, 0x06, 0x65, 0x65} : new int[] {0x41, 0x41};
        for (int type : types) {
            int zeros = startCodeBytes == 0 ? 2 + random.nextInt(3) : startCodeBytes - 1;
            out.write(new byte[zeros], 0, zeros);
            out.write(1);
            out.write(type);
            boolean slice = (type & 0x1F) == 1 || (type & 0x1F) == 5;
            byte[] body = bytes(random, slice ? 4_000 : 40);
            for (int i = 0; i < body.length; i++) {
                body[i] = body[i] == 0 ? 1 : body[i]; // no start code by chance, no zero at the end
            }
            body[0] = (byte) 0x88;
            out.writeBytes(body);
        }
        return out.toByteArray();
    }

    private static byte[] av1(Random random, boolean keyframe) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int[] headers = keyframe ? new int[] {0x0A, 0x32, 0x36} : new int[] {0x36, 0x32};
        for (int header : headers) {
            byte[] body = bytes(random, 3_000);
            out.write(header);
            if ((header & 0x04) != 0) {
                out.write(0x08);
            }
            out.writeBytes(Leb128.write(body.length));
            out.writeBytes(body);
        }
        return out.toByteArray();
    }
}
