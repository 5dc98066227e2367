package dev.nearhand.app.cli;

import dev.nearhand.app.local.ScreenChoice;
import picocli.CommandLine.Option;

/// Which screen: the options that `share` and `demo` have in common.
final class SourceOptions {
    @Option(
            names = "--source",
            paramLabel = "KIND",
            description = "How to get at the screen: ${COMPLETION-CANDIDATES}. "
                    + "auto takes the best that works; pattern is a synthetic screen that needs no display.")
    ScreenChoice.Kind source = ScreenChoice.Kind.AUTO;

    @Option(
            names = "--display",
            paramLabel = "DISPLAY",
            description = "The X11 display such as :1; otherwise that of the environment.")
    String display = "";

    @Option(
            names = "--size",
            paramLabel = "WxH",
            description = "Size of the synthetic screen, default: ${DEFAULT-VALUE}.",
            defaultValue = "1280x720")
    PictureSize size = new PictureSize(1280, 720);

    ScreenChoice choice() {
        return new ScreenChoice(source, display, size.width(), size.height());
    }
}
