package dev.nearhand.transport.signaling;

import dev.nearhand.transport.api.TransportException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The requests of one client to one endpoint and its resources. Methods wait; called on virtual threads.
final class HttpCalls implements AutoCloseable {
    /// So often a request for a new session is sent on to another address.
    static final int REDIRECTS_LIMIT = 5;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final int WORDS_LIMIT = 200;

    private final HttpEndpoint endpoint;
    private final HttpClient http;

    /// @param uri where it came from, after redirects
    /// @param headers names in small letters
    record Answer(int status, URI uri, Map<String, List<String>> headers, String body) {
        Optional<String> header(String name) {
            return headers.getOrDefault(name, List.of()).stream().findFirst();
        }

        boolean ok() {
            return status >= 200 && status < 300;
        }

        boolean carries(String mediaType) {
            return header("content-type")
                    .filter(type -> MediaTypes.is(type, mediaType))
                    .isPresent();
        }
    }

    HttpCalls(HttpEndpoint endpoint) {
        this.endpoint = endpoint;
        this.http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER) // a POST must stay a POST
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(endpoint.requestTimeout())
                .build();
    }

    /// Asks for a new session: follows 307 and 308, and asks a busy server again when it says after which time.
    ///
    /// @throws TransportException `UNREACHABLE`, or `REFUSED` when it is not done after all
    Answer create(String offer) throws InterruptedException {
        long deadline = System.nanoTime() + endpoint.patience().toNanos();
        Duration pause = Duration.ZERO;
        while (true) {
            Answer answer = following("POST", MediaTypes.SDP, offer);
            Optional<Duration> after = retryAfter(answer);
            if (answer.ok() || after.isEmpty()) {
                return requireOk(answer);
            }
            // "exponential backoff period with an initial value of the Retry-After header value"
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(after.get()) > 0 ? doubled : after.get();
            if (pause.compareTo(LONGEST_WAIT) > 0 || System.nanoTime() + pause.toNanos() > deadline) {
                return requireOk(answer);
            }
            Thread.sleep(pause);
        }
    }

    /// A request that follows 307 and 308.
    Answer following(String method, String contentType, String body) throws InterruptedException {
        URI uri = endpoint.url();
        for (int hop = 0; hop <= REDIRECTS_LIMIT; hop++) {
            Answer answer = once(method, uri, contentType, "", body);
            if (answer.status() != 307 && answer.status() != 308) {
                return answer;
            }
            URI next = answer.header("location").map(answer.uri()::resolve).orElseThrow(() -> refusal(answer));
            if (!sendsOn(uri, next)) {
                throw new TransportException(
                        TransportException.Code.REFUSED,
                        "The server sends on to an address that is less safe than its own; ask who runs it.");
            }
            uri = next;
        }
        throw new TransportException(
                TransportException.Code.REFUSED, "The server sends on in a circle; check the address.");
    }

    /// The token goes along to where a server sends us (it names its media servers so), but never in the clear.
    private static boolean sendsOn(URI from, URI to) {
        return "https".equalsIgnoreCase(to.getScheme())
                || ("http".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(from.getScheme()));
    }

    /// One request to one address.
    ///
    /// @param contentType empty for a request without body
    /// @param ifMatch empty for none
    /// @throws TransportException `UNREACHABLE`
    Answer once(String method, URI uri, String contentType, String ifMatch, String body) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(endpoint.requestTimeout())
                .method(
                        method,
                        contentType.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        if (!ifMatch.isEmpty()) {
            request.header("If-Match", ifMatch);
        }
        if (!endpoint.bearerToken().isEmpty() && !method.equals("OPTIONS")) {
            request.header("Authorization", "Bearer " + endpoint.bearerToken());
        }
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                byte[] read = in.readNBytes(MediaTypes.LIMIT_BYTES + 1);
                if (read.length > MediaTypes.LIMIT_BYTES) {
                    throw new TransportException(
                            TransportException.Code.BAD_DESCRIPTION, "The server's answer is too long to be one.");
                }
                return new Answer(
                        response.statusCode(),
                        response.uri(),
                        response.headers().map(),
                        new String(read, StandardCharsets.UTF_8));
            }
        } catch (IOException failure) {
            throw new TransportException(
                    TransportException.Code.UNREACHABLE,
                    "The server does not answer; check its address, and that it runs.",
                    failure);
        }
    }

    /// @throws TransportException `REFUSED` unless it went well
    static Answer requireOk(Answer answer) {
        if (!answer.ok()) {
            throw refusal(answer);
        }
        return answer;
    }

    /// By the class of the status first: servers choose within it as they like (RFC 9725 section 4.1).
    static TransportException refusal(Answer answer) {
        String sentence =
                switch (answer.status()) {
                    case 401, 403 -> "The server does not let us in; check the token";
                    case 404, 410 -> "The server has nothing under this address; check it";
                    case 405, 501 -> "The server does not do that under this address; check it";
                    case 409 -> "The server cannot do it now: nobody sends there yet, or somebody else does";
                    case 406, 415, 422 -> "The server cannot use what we offer";
                    case 413 -> "Our description is too long for the server";
                    case 429, 503 -> "The server is too busy; try again later";
                    default ->
                        answer.status() / 100 == 5
                                ? "The server has failed; try again later"
                                : "The server does not accept it";
                };
        String words = plainWords(answer);
        return new TransportException(
                TransportException.Code.REFUSED,
                sentence + " (" + answer.status() + (words.isEmpty() ? "" : ", “" + words + "”") + ").");
    }

    /// What the server says about it, when that is a short text; what a foreign machine says is never trusted.
    private static String plainWords(Answer answer) {
        boolean text = answer.header("content-type")
                .filter(type -> MediaTypes.is(type, "text/plain")
                        || MediaTypes.is(type, "application/json")
                        || MediaTypes.is(type, "application/problem+json"))
                .isPresent();
        if (!text) {
            return "";
        }
        StringBuilder words = new StringBuilder();
        answer.body()
                .codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
                .limit(WORDS_LIMIT)
                .forEach(words::appendCodePoint);
        return words.toString().strip();
    }

    private static Optional<Duration> retryAfter(Answer answer) {
        if (answer.status() != 503 && answer.status() != 409 && answer.status() != 429) {
            return Optional.empty();
        }
        // the other form is a date; clocks differ, so it says no more than "later"
        return answer.header("retry-after").map(value -> {
            boolean seconds = !value.isEmpty()
                    && value.length() < 7
                    && value.chars().allMatch(digit -> digit >= '0' && digit <= '9');
            return Duration.ofSeconds(seconds ? Math.max(1, Long.parseLong(value)) : 1);
        });
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
