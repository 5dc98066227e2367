package dev.nearhand.app.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnCommandTest {
    /// The process of an installed launcher has it in its environment; a launcher that inherits it looks for a class of
    /// the name `share`. That an image really starts itself is looked at when it is built (`ImageCheck`).
    @Test
    void aSecondProcessDoesNotInheritWhatMakesALauncherMisreadItsArguments() {
        Map<String, String> environment = new HashMap<>(Map.of("_JPACKAGE_LAUNCHER", "1", "PATH", "/bin"));
        OwnCommand.separate(environment);
        assertThat(environment).containsOnlyKeys("PATH");
        assertThat(OwnCommand.builder(List.of("true")).environment())
                .doesNotContainKey("_JPACKAGE_LAUNCHER")
                .containsKey("PATH");
    }
}
