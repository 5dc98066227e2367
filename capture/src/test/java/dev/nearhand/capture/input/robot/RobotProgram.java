package dev.nearhand.capture.input.robot;

import dev.nearhand.capture.input.InputEvent;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/// The process of a test: AWT looks for its display only once, when a process begins.
///
/// Obeys the lines of its standard input and answers each with `done`.
public final class RobotProgram {
    private RobotProgram() {}

    public static void main(String[] ignored) {
        try (RobotInjector injector = RobotInjector.open();
                Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8)) {
            while (lines.hasNextLine()) {
                String[] words = lines.nextLine().split(" ", 2);
                switch (words[0]) {
                    case "move" -> {
                        String[] place = words[1].split(",");
                        injector.inject(
                                new InputEvent.PointerMove(Integer.parseInt(place[0]), Integer.parseInt(place[1])));
                    }
                    case "+button" -> injector.inject(new InputEvent.PointerButton(Integer.parseInt(words[1]), true));
                    case "-button" -> injector.inject(new InputEvent.PointerButton(Integer.parseInt(words[1]), false));
                    case "wheel" -> injector.inject(new InputEvent.Wheel(0, Double.parseDouble(words[1])));
                    case "+key" -> injector.inject(new InputEvent.Key(words[1], true));
                    case "-key" -> injector.inject(new InputEvent.Key(words[1], false));
                    case "text" -> injector.inject(new InputEvent.Text(words[1] + "\n"));
                    case "release" -> injector.releaseAll();
                    default -> throw new IllegalArgumentException(words[0]);
                }
                System.out.println("done " + injector.held().size() + " " + injector.refusedCharacters());
            }
        }
    }
}
