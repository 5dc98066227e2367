package dev.nearhand.transport.network;

import dev.nearhand.testing.LineProcess;
import dev.nearhand.testing.net.Namespace;
import dev.nearhand.transport.api.IceServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A [NetworkPeer] in a network. What it signals goes to the other side, as long as there is signaling.
final class PeerProcess extends LineProcess {
    private static final Pattern SIGNAL = Pattern.compile("(offer|answer|candidate) .*");

    private final Signals signals;

    /// @param options of Java
    PeerProcess(Namespace where, List<IceServer> servers, String... options) {
        Signals mine = new Signals();
        super(new ProcessBuilder(where.command(command(servers, options))), mine);
        signals = mine;
    }

    private static List<String> command(List<IceServer> servers, String... options) {
        List<String> command = java(options);
        command.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.add(NetworkPeer.class.getName());
        for (IceServer server : servers) {
            command.addAll(List.of(server.url(), server.username(), server.credential()));
        }
        return command;
    }

    /// Carries signals in both directions from now on.
    void meet(PeerProcess peer) {
        signals.to = peer;
        peer.signals.to = this;
    }

    /// Whether what it signals arrives.
    void signals(boolean works) {
        signals.works = works;
    }

    /// Waits until every flow has arrived again after a silence that was not over at `sinceNanos`.
    ///
    /// @return when the last of them was back, in milliseconds after `sinceNanos`
    long awaitFlows(long sinceNanos, Duration limit) {
        Set<String> silent = new HashSet<>(NetworkPeer.FLOWS);
        long lastNanos = 0;
        while (!silent.isEmpty()) {
            Matcher silence = await("silence (\\w+) \\d+ (\\d+)", limit);
            long overNanos = Long.parseLong(silence.group(2));
            if (overNanos > sinceNanos && silent.remove(silence.group(1))) {
                lastNanos = Math.max(lastNanos, overNanos);
            }
        }
        return TimeUnit.NANOSECONDS.toMillis(lastNanos - sinceNanos);
    }

    private static final class Signals implements Predicate<String> {
        private volatile @Nullable PeerProcess to;
        private volatile boolean works = true;

        @Override
        public boolean test(String line) {
            if (!SIGNAL.matcher(line).matches()) {
                return false;
            }
            PeerProcess other = to;
            if (other != null && works) {
                other.say(line);
            }
            return true;
        }
    }
}
