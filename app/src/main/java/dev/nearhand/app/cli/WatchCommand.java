package dev.nearhand.app.cli;

import dev.nearhand.app.connect.IceSettings;
import dev.nearhand.app.connect.PublicationView;
import dev.nearhand.app.connect.RemoteScreen;
import dev.nearhand.app.session.ViewerListener;
import dev.nearhand.transport.signaling.HttpEndpoint;
import dev.nearhand.transport.signaling.SignalingServerConfig;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nearhand watch`.
@Command(
        name = "watch",
        description = {
            "See what programs other than Nearhand show through WHEP and WHIP, in a window.",
            "Takes it from a server, or waits for a program that sends it here. With --snapshot it needs no display.",
            ""
        })
final class WatchCommand implements Callable<Integer> {
    /// From a server, or as one.
    static final class Way {
        @Option(
                names = "--whep",
                paramLabel = "URL",
                description = "Take it from this WHEP endpoint, such as https://example.net/whep/my-stream.")
        @Nullable
        URI whep;

        @Option(
                names = "--whip-listen",
                paramLabel = "PORT",
                description = "Let a program send it here by WHIP, on this TCP port, 0 for any.")
        @Nullable
        Integer port;
    }

    private final Windows windows;

    @Spec
    @Nullable
    CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    Way way = new Way();

    @Mixin
    HttpOptions http = new HttpOptions();

    @Mixin
    IceOptions ice = new IceOptions();

    @Mixin
    WatchOptions watch = new WatchOptions();

    WatchCommand(Windows windows) {
        this.windows = windows;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        IceSettings reach = ice.settings();
        URI whep = way.whep;
        String place;
        Function<ViewerListener, RemoteScreen> connector;
        if (whep != null) {
            HttpEndpoint endpoint = http.endpoint(whep);
            place = String.valueOf(whep.getHost());
            connector = listener -> PublicationView.fromWhep(endpoint, reach, listener);
        } else {
            SignalingServerConfig server = http.server(Objects.requireNonNull(way.port));
            place = "WHIP";
            connector = listener -> PublicationView.fromWhip(
                    server,
                    reach,
                    listener,
                    port -> HttpOptions.announce(
                            out, "Send it with any WHIP program to", server, port, PublicationView.WHIP_PATH));
        }
        if (watch.isForAFile()) {
            return watch.headless(false).run(out, connector);
        }
        watch.requireDisplay();
        return windows.watcher(place, connector, watch.after, watch.snapshot);
    }
}
