package dev.nearhand.testing.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A page in a Chromium without a window. Besides the echo it shows the video track it receives, and tells the colours
/// of a decoded frame.
public final class ChromiumPeer implements ForeignPeer {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// A picture as the page sees it.
    public record Frame(int width, int height, List<int[]> pixels) {}

    /// A whole picture as the page sees it.
    ///
    /// @param rgba four bytes a pixel, rows from the top without gaps; empty before anything is shown
    public record Picture(int width, int height, byte[] rgba) {}

    private final ChromiumPage page;

    /// @param folder for its profile; must be empty
    public ChromiumPeer(Path folder) {
        this(folder, false);
    }

    /// @param named whether it tells names of the local link instead of addresses, and looks up those of others
    public ChromiumPeer(Path folder, boolean named) {
        page = new ChromiumPage(folder, "about:blank", named);
        page.evaluate(script(), true);
    }

    private static String script() {
        try (InputStream in = ChromiumPeer.class.getResourceAsStream("chromium.js")) {
            return new String(Objects.requireNonNull(in, "chromium.js").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String ask(String function, Object argument) {
        try {
            return page.evaluate("peer." + function + "(" + JSON.writeValueAsString(argument) + ")", true);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String offer() {
        return ask("offer", "");
    }

    /// Makes an offer that restarts ICE; [#accept] takes the answer.
    public String restart() {
        return ask("restart", "");
    }

    /// Makes an offer of what there is now, and sets it; [#accept] takes the answer.
    public String renegotiate() {
        return ask("renegotiate", "");
    }

    /// Takes back the offer that stands.
    public void rollback() {
        ask("rollback", "");
    }

    /// Ends the section of its latest track for good; the next offer says so.
    public void stopSending() {
        ask("stopSending", "");
    }

    @Override
    public void accept(String answer) {
        ask("accept", answer);
    }

    @Override
    public String answer(String offer) {
        return ask("answer", offer);
    }

    /// Asks for one video track in the next offer.
    public void wantVideo() {
        ask("wantVideo", "");
    }

    /// Offers a video track of its own: a picture of 320 by 240 that changes all the time.
    public void sendVideo() {
        ask("sendVideo", "");
    }

    /// The same in one codec only.
    ///
    /// @param mimeType `video/VP9` and the like
    /// @return whether this browser can encode it
    public boolean sendVideo(String mimeType) {
        return ask("sendVideo", mimeType).isEmpty();
    }

    /// Offers a moving picture in one codec, in layers or in several sizes, and takes one back in the same section.
    ///
    /// @param encodings the members of each `RTCRtpEncodingParameters`
    /// @return whether this browser can encode it
    public boolean sendLayers(String mimeType, int width, int height, List<Map<String, Object>> encodings) {
        Map<String, Object> wish =
                Map.of("mimeType", mimeType, "width", width, "height", height, "encodings", encodings);
        return ask("sendLayers", wish).isEmpty();
    }

    /// What its statistics tell about the video streams that it sends (`RTCOutboundRtpStreamStats`), as JSON.
    public String sent() {
        return ask("sent", "");
    }

    /// Goes on sending the encodings with these rids, and pauses the others.
    public void activate(List<String> rids) {
        ask("activate", rids);
    }

    /// Offers a tone.
    public void sendAudio() {
        ask("sendAudio", "");
    }

    /// Waits until the statistics about a received track of that kind tell at least that value.
    ///
    /// @param name of an `RTCInboundRtpStreamStats` member: `framesDecoded`, `packetsReceived` …
    public void awaitReceived(String kind, String name, int least) {
        ask("received", Map.of("kind", kind, "name", name, "least", least));
    }

    /// The next frame that is shown, at points that are each 0 to 1 from the left and from the top.
    public Frame frame(List<List<Double>> points) {
        try {
            return JSON.readValue(ask("frame", points), Frame.class);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// What is shown at this moment, which on a still screen is the last frame that came.
    public Picture picture() {
        try {
            JsonNode shown = JSON.readTree(ask("picture", ""));
            return new Picture(
                    shown.get("width").asInt(),
                    shown.get("height").asInt(),
                    Base64.getDecoder().decode(shown.get("rgba").asText()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Offers over HTTP by WHIP or WHEP, as a page does with `fetch`, and sets the answer.
    ///
    /// @return the address of the session
    public String signal(String url, String token) {
        return ask("signal", Map.of("url", url, "token", token));
    }

    /// The statuses of the requests that brought candidates after [#signal], with commas between them.
    public String patches() {
        return ask("patches", "");
    }

    /// Ends what [#signal] began.
    ///
    /// @return the status
    public String hangUp() {
        return ask("hangUp", "");
    }

    @Override
    public String log() {
        return "connection: " + ask("state", "") + "\n" + page.log();
    }

    @Override
    public void close() {
        page.close();
    }
}
