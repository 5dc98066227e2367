package dev.nearhand.transport.signaling;

import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

/// Where a WHIP or WHEP server is, and how patiently it is asked.
///
/// @param url `http` or `https`; prefer the second wherever the network is not your own
/// @param bearerToken sent with every request but the preflight ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750));
///     empty means none
/// @param requestTimeout for each single request
/// @param patience how long a busy server is asked again, in all
public record HttpEndpoint(URI url, String bearerToken, Duration requestTimeout, Duration patience) {
    /// The characters that RFC 6750 section 2.1 allows.
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    /// @throws IllegalArgumentException with a sentence for a person
    public HttpEndpoint {
        String scheme = url.getScheme();
        if (!("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme)) || url.getHost() == null) {
            throw new IllegalArgumentException("an endpoint's address begins with http:// or https:// and a host");
        }
        if (!bearerToken.isEmpty() && !TOKEN.matcher(bearerToken).matches()) {
            throw new IllegalArgumentException("a bearer token is made of letters, digits and - . _ ~ + / =");
        }
        if (requestTimeout.isNegative() || requestTimeout.isZero() || patience.isNegative()) {
            throw new IllegalArgumentException("a time limit is longer than nothing");
        }
    }

    /// Without a token, 10 s for each request and 30 s of patience.
    public static HttpEndpoint of(URI url) {
        return new HttpEndpoint(url, "", Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    public HttpEndpoint withBearerToken(String token) {
        return new HttpEndpoint(url, token, requestTimeout, patience);
    }

    public HttpEndpoint withRequestTimeout(Duration timeout) {
        return new HttpEndpoint(url, bearerToken, timeout, patience);
    }

    public HttpEndpoint withPatience(Duration limit) {
        return new HttpEndpoint(url, bearerToken, requestTimeout, limit);
    }

    /// Says neither the address nor the token.
    @Override
    public String toString() {
        return "HttpEndpoint[" + url.getScheme() + (bearerToken.isEmpty() ? "" : ", with a token") + "]";
    }
}
