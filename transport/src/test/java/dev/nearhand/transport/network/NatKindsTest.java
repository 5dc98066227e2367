package dev.nearhand.transport.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.LineProcess;
import dev.nearhand.testing.net.Namespace;
import dev.nearhand.testing.net.Nat;
import dev.nearhand.testing.net.NatProbe;
import dev.nearhand.testing.net.NetworkLab;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The NATs of the lab are what they are called: what is tested behind them would mean nothing otherwise.
class NatKindsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParameterizedTest
    @EnumSource
    void mapsAndFiltersAsItIsCalled(Nat nat) {
        try (NetworkLab lab = new NetworkLab(nat, Nat.PORT_RESTRICTED);
                LineProcess server = probe(lab.internet(), "serve")) {
            server.await("ready", PATIENCE);
            try (LineProcess client = probe(lab.hostA(), "ask")) {
                String seenAs = client.await("seen as (.*)", PATIENCE).group(1);
                String letIn = client.await("strangers let in: ?(.*)", PATIENCE).group(1);
                System.out.println(nat + ": seen as " + seenAs + ", lets in: " + letIn);
                assertThat(Arrays.stream(seenAs.split(" ")).distinct().count())
                        .as("outer addresses towards three others: %s", seenAs)
                        .isEqualTo(nat.hasOneMapping() ? 1 : 3);
                assertThat(letIn).isEqualTo(nat.letsStrangersIn() ? "address port" : "");
            }
        }
    }

    private static LineProcess probe(Namespace where, String role) {
        List<String> command = LineProcess.java("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        command.addAll(List.of(NatProbe.class.getName(), role));
        return new LineProcess(new ProcessBuilder(where.command(command)));
    }
}
