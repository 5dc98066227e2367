package dev.nearhand.app.session;

import dev.nearhand.capture.pipeline.StageTimings;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Timings of the stages as statistics show them.
final class Stages {
    private Stages() {}

    /// The median of each stage that has seen a picture, by name.
    static SortedMap<String, Double> millis(StageTimings timings) {
        SortedMap<String, Double> result = new TreeMap<>();
        for (Map.Entry<StageTimings.Stage, StageTimings.Snapshot> entry :
                timings.snapshot().entrySet()) {
            String name =
                    switch (entry.getKey()) {
                        case CAPTURE -> "wait";
                        case ENCODE -> "encode";
                        case SEND -> "send";
                        case RECEIVE -> "receive";
                        case DECODE -> "decode";
                        case PRESENT -> "present";
                        case TILES -> "tiles";
                    };
            result.put(name, entry.getValue().p50Nanos() / 1e6);
        }
        return result;
    }
}
