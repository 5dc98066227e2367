package dev.nearhand.transport.peer;

import dev.nearhand.transport.sctp.SctpAssociation;
import dev.nearhand.transport.sdp.Attribute;
import dev.nearhand.transport.sdp.Attributes;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/// `a=sctp-init`: the INIT chunk of an association in the description, so that its four-way handshake need not be sent
/// ([draft-hancke-tsvwg-snap](https://datatracker.ietf.org/doc/draft-hancke-tsvwg-snap/)).
final class SctpInit {
    static final String ATTRIBUTE = "sctp-init";

    /// Base64 characters that are looked at; stacks write about 60.
    private static final int MAX_CHARACTERS = 2_048;

    private static final ByteBuffer NONE = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private SctpInit() {}

    static void write(ByteBuffer chunk, List<Attribute> lines) {
        if (chunk.hasRemaining()) {
            byte[] bytes = new byte[chunk.remaining()];
            chunk.get(chunk.position(), bytes);
            lines.add(new Attribute(ATTRIBUTE, Base64.getEncoder().encodeToString(bytes)));
        }
    }

    /// The chunk, or nothing when there is none that an association could begin with.
    static ByteBuffer read(Attributes attributes) {
        List<String> values = attributes.all(ATTRIBUTE);
        if (values.size() != 1 || values.getFirst().length() > MAX_CHARACTERS) {
            return NONE;
        }
        try {
            ByteBuffer chunk = ByteBuffer.wrap(
                            Base64.getDecoder().decode(values.getFirst().strip()))
                    .asReadOnlyBuffer();
            return SctpAssociation.isInit(chunk) ? chunk : NONE;
        } catch (IllegalArgumentException notBase64) {
            return NONE;
        }
    }
}
