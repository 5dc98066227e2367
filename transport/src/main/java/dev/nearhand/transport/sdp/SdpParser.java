package dev.nearhand.transport.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the text of a description, forgivingly: lines may end in LF or CR LF, blank lines do not count, `s=` and `t=`
/// may be missing, the order inside a section is free, an attribute that makes no sense is kept and fails nothing.
///
/// What it cannot do without: `v=0` first, a readable `o=` line, readable `m=` lines. Used once, by one thread.
final class SdpParser {
    static final int LONGEST_TEXT = 1 << 20;
    static final int MOST_LINES = 20_000;
    static final int MOST_SECTIONS = 512;

    private final String text;
    private int lineNumber;
    private @Nullable SdpError error;

    private @Nullable Origin origin;
    private String name = "";
    private final List<Field> sessionFields = new ArrayList<>();
    private final List<Attribute> sessionAttributes = new ArrayList<>();
    private final List<MediaDescription> media = new ArrayList<>();

    private @Nullable MediaLine section;
    private List<Field> fields = sessionFields;
    private List<Attribute> attributes = sessionAttributes;

    private record MediaLine(String media, int port, int portCount, String protocol, List<String> formats) {}

    SdpParser(String text) {
        this.text = text;
    }

    SdpResult parse() {
        if (text.length() > LONGEST_TEXT) {
            return new SdpError(1, "longer than " + LONGEST_TEXT + " characters");
        }
        boolean first = true;
        for (int start = 0; start < text.length(); ) {
            int end = lineEnd(start);
            String line = text.substring(start, end);
            lineNumber++;
            start = end < text.length() && text.charAt(end) == '\r' && follows(end, '\n') ? end + 2 : end + 1;
            if (line.isBlank()) {
                continue;
            }
            if (lineNumber > MOST_LINES) {
                return new SdpError(lineNumber, "more than " + MOST_LINES + " lines");
            }
            if (first && !line.strip().equals("v=0")) {
                return new SdpError(lineNumber, "begins with v=0");
            }
            if (!first) {
                line(line);
            }
            first = false;
            if (error != null) {
                return error;
            }
        }
        endSection();
        if (origin == null) {
            return new SdpError(Math.max(1, lineNumber), first ? "is empty" : "has no o= line");
        }
        return new SessionDescription(origin, name, sessionFields, new Attributes(sessionAttributes), media);
    }

    private int lineEnd(int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    private boolean follows(int index, char next) {
        return index + 1 < text.length() && text.charAt(index + 1) == next;
    }

    private void line(String line) {
        if (line.length() < 2 || line.charAt(1) != '=' || line.charAt(0) < 'a' || line.charAt(0) > 'z') {
            fail("is not of the form x=value");
            return;
        }
        String value = line.substring(2);
        switch (line.charAt(0)) {
            case 'v' -> fail("v= comes once, first");
            case 'o' -> origin(value);
            case 's' -> name(value);
            case 'm' -> mediaLine(value);
            case 'a' -> attribute(value);
            default -> fields.add(new Field(line.charAt(0), value));
        }
    }

    private void origin(String value) {
        List<String> words = SdpText.words(value);
        if (origin != null || words.size() < 4) {
            fail(origin != null ? "o= comes once" : "o= needs a user, a session, a version and an address");
            return;
        }
        String address = String.join(" ", words.subList(3, words.size()));
        origin = new Origin(words.get(0), words.get(1), words.get(2), address);
    }

    /// RFC 8866 allows it in the session only; in a section it does no harm.
    private void name(String value) {
        if (section == null) {
            name = value;
        }
    }

    private void attribute(String value) {
        String stripped = value.strip();
        if (stripped.isEmpty() || stripped.charAt(0) == ':') {
            // nothing that anybody could ask for by name
            return;
        }
        attributes.add(Attribute.read(stripped));
    }

    private void mediaLine(String value) {
        endSection();
        List<String> words = SdpText.words(value);
        if (words.size() < 3) {
            fail("m= needs a media, a port and a protocol");
            return;
        }
        String[] ports = words.get(1).split("/", 2);
        int port = (int) SdpText.number(ports[0], 65_535);
        int count = ports.length < 2 ? 1 : (int) SdpText.number(ports[1], 65_535);
        if (port < 0 || count < 1) {
            fail("m= has no readable port");
        } else if (media.size() >= MOST_SECTIONS) {
            fail("more than " + MOST_SECTIONS + " sections");
        } else {
            section = new MediaLine(words.get(0), port, count, words.get(2), words.subList(3, words.size()));
            fields = new ArrayList<>();
            attributes = new ArrayList<>();
        }
    }

    private void endSection() {
        if (section != null) {
            media.add(new MediaDescription(
                    section.media,
                    section.port,
                    section.portCount,
                    section.protocol,
                    section.formats,
                    fields,
                    new Attributes(attributes)));
            section = null;
        }
    }

    private void fail(String reason) {
        if (error == null) {
            error = new SdpError(lineNumber, reason);
        }
    }
}
