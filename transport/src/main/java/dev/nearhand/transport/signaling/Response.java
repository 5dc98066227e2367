package dev.nearhand.transport.signaling;

import java.util.ArrayList;
import java.util.List;

/// An HTTP response to be sent.
record Response(int status, List<Header> headers, String body) {
    record Header(String name, String value) {}

    Response {
        headers = List.copyOf(headers);
    }

    static Response of(int status) {
        return new Response(status, List.of(), "");
    }

    static Response of(int status, String mediaType, String body) {
        return of(status).with("Content-Type", mediaType).withBody(body);
    }

    /// An error with a sentence for whoever reads the other side's log.
    static Response error(int status, String sentence) {
        return of(status, "text/plain; charset=utf-8", sentence + "\n");
    }

    Response with(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Response(status, more, body);
    }

    private Response withBody(String text) {
        return new Response(status, headers, text);
    }

    boolean ok() {
        return status >= 200 && status < 300;
    }
}
