package dev.nearhand.transport.sdp;

import java.util.List;

/// Writes a description in the order of RFC 8866 section 5.
final class SdpWriter {
    private final StringBuilder text = new StringBuilder(4_096);

    static String write(SessionDescription description) {
        SdpWriter writer = new SdpWriter();
        writer.session(description);
        return writer.text.toString();
    }

    /// The pseudo sections of a fragment are an `m=` line and attributes, nothing else (RFC 8840 section 9).
    static String write(SdpFragment fragment) {
        SdpWriter writer = new SdpWriter();
        writer.attributes(fragment.attributes());
        fragment.media().forEach(section -> {
            writer.mediaLine(section);
            writer.attributes(section.attributes());
        });
        return writer.text.toString();
    }

    private void session(SessionDescription description) {
        line('v', "0");
        line('o', description.origin().text());
        // "The "s=" line MUST NOT be empty" https://www.rfc-editor.org/rfc/rfc8866#section-5.3; a blank is allowed
        line('s', description.name().isEmpty() ? " " : description.name());
        fields(description.fields());
        attributes(description.attributes());
        description.media().forEach(this::section);
    }

    private void section(MediaDescription section) {
        mediaLine(section);
        fields(section.fields());
        attributes(section.attributes());
    }

    private void mediaLine(MediaDescription section) {
        String port = section.portCount() == 1 ? "" + section.port() : section.port() + "/" + section.portCount();
        String formats = section.formats().isEmpty() ? "" : " " + String.join(" ", section.formats());
        line('m', section.media() + " " + port + " " + section.protocol() + formats);
    }

    private void fields(List<Field> fields) {
        fields.forEach(field -> line(field.type(), field.value()));
    }

    private void attributes(Attributes attributes) {
        attributes.list().forEach(attribute -> line('a', attribute.text()));
    }

    private void line(char type, String value) {
        text.append(type).append('=').append(value).append("\r\n");
    }
}
