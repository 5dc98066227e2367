package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random networks by the thousand: what theory lets connect connects, what was said arrives once and in order, and
/// everything ends.
class SwarmSimTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 2_000);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Execution(ExecutionMode.CONCURRENT) // each seed is a world of its own
    void whatCanConnectDoesAndNothingIsLost(long seed) {
        SwarmScene scene = new SwarmScene(seed);
        scene.begin();
        boolean connected = scene.world.runUntil(scene::isConnected, 65_000);
        assertThat(connected || !scene.isPossible())
                .as("seed %d, %s: connects", seed, scene)
                .isTrue();
        if (connected) {
            talk(seed, scene);
        } else {
            assertThat(scene.host.peer.core.state()).isEqualTo(PeerState.FAILED);
        }
        end(seed, scene);
    }

    private static void talk(long seed, SwarmScene scene) {
        if (scene.rebinds) {
            scene.world.afterMillis(2_000, scene::rebind);
        }
        assertThat(scene.world.runUntil(() -> scene.host.hasAll() && scene.viewer.hasAll(), 300_000))
                .as("seed %d, %s: everything arrives", seed, scene)
                .isTrue();
        scene.world.runForMillis(3_000); // whatever comes twice comes soon
        for (SwarmScene.End end : List.of(scene.host, scene.viewer)) {
            List<Integer> all = SwarmScene.everything();
            assertThat(end.heard.get("ordered")).as("seed %d: ordered", seed).isEqualTo(all);
            assertThat(end.heard.get("unordered"))
                    .as("seed %d: unordered", seed)
                    .containsExactlyInAnyOrderElementsOf(all);
            assertThat(end.heard.getOrDefault("lossy", List.of()))
                    .as("seed %d: lossy", seed)
                    .isSubsetOf(all)
                    .doesNotHaveDuplicates();
        }
    }

    private static void end(long seed, SwarmScene scene) {
        for (SwarmScene.End end : List.of(scene.host, scene.viewer)) {
            end.peer.node.run(end.peer.core::close);
        }
        assertThat(scene.world.runUntil(
                        () -> scene.host.peer.core.isReleasable() && scene.viewer.peer.core.isReleasable(), 120_000))
                .as("seed %d, %s: ends", seed, scene)
                .isTrue();
    }
}
