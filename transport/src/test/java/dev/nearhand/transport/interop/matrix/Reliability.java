package dev.nearhand.transport.interop.matrix;

import dev.nearhand.transport.api.DataChannelOptions;
import java.util.Map;

/// How the channel of a transfer delivers.
enum Reliability {
    ORDERED(Column.ORDERED, DataChannelOptions.reliable()),
    UNORDERED(Column.UNORDERED, DataChannelOptions.reliable().withOrdered(false)),
    PARTIAL(
            Column.PARTIAL,
            DataChannelOptions.reliable().withOrdered(false).withMaxRetransmits(Reliability.RETRANSMISSIONS));

    private static final int RETRANSMISSIONS = 3;

    private final Column column;
    private final DataChannelOptions options;

    Reliability(Column column, DataChannelOptions options) {
        this.column = column;
        this.options = options;
    }

    Column column() {
        return column;
    }

    DataChannelOptions options() {
        return options;
    }

    /// In the words of a driver.
    Map<String, Object> arguments() {
        return Map.of("ordered", options.ordered(), "maxRetransmits", options.maxRetransmits());
    }
}
