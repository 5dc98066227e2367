package dev.nearhand.app.session;

import java.time.Duration;
import java.util.Locale;
import java.util.SortedMap;

/// How a session is doing: an immutable snapshot. Rates are those of the last second.
///
/// @param width of the picture, pixels; 0 before the first one
/// @param framesPerSecond pictures sent (host) or shown (viewer)
/// @param kbitPerSecond video only
/// @param roundTrip zero until measured
/// @param path the kind of path, such as `host/host udp4`; never an address
/// @param stageMillis how long the latest frames spent in each stage, such as `encode`; medians
/// @param counters since the session began, such as `frames.decoded` or `control.unknown`
public record SessionStats(
        Duration age,
        int width,
        int height,
        double framesPerSecond,
        double kbitPerSecond,
        Duration roundTrip,
        String path,
        SortedMap<String, Double> stageMillis,
        SortedMap<String, Long> counters) {
    /// One of [#counters], 0 when it never happened.
    public long counter(String name) {
        return counters.getOrDefault(name, 0L);
    }

    /// The main figures in one line of everyday words; empty before the first picture.
    public String words() {
        if (width == 0) {
            return "";
        }
        long pictures = Math.round(framesPerSecond);
        StringBuilder words = new StringBuilder();
        words.append(width).append('×').append(height);
        words.append(
                pictures == 0
                        ? " · nothing moves"
                        : pictures == 1 ? " · 1 picture a second" : " · " + pictures + " pictures a second");
        if (!roundTrip.isZero()) {
            long millis = Math.round(roundTrip.toNanos() / 1e6);
            words.append(millis == 0 ? " · less than 1 ms away" : " · " + millis + " ms away");
        }
        words.append(
                kbitPerSecond >= 100
                        ? String.format(Locale.ROOT, " · %.1f Mbit/s", kbitPerSecond / 1000)
                        : String.format(Locale.ROOT, " · %.0f kbit/s", kbitPerSecond));
        return words.toString();
    }

    /// All figures in one line, for those who look into it.
    public String line() {
        StringBuilder line = new StringBuilder();
        line.append(String.format(
                Locale.ROOT,
                "%d×%d · %.0f frames/s · %.1f Mbit/s",
                width,
                height,
                framesPerSecond,
                kbitPerSecond / 1000));
        if (!roundTrip.isZero()) {
            line.append(String.format(Locale.ROOT, " · %.1f ms round trip", roundTrip.toNanos() / 1e6));
        }
        stageMillis.forEach((stage, millis) -> line.append(String.format(Locale.ROOT, " · %s %.1f ms", stage, millis)));
        return line.toString();
    }
}
