import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Holds every Java file of the tree to palantir-java-format: `check` lists the files that differ and fails, `apply`
/// rewrites them.
///
/// A program of its own because the formatter parses with the compiler of the JDK it runs on, and Maven itself may run
/// on an older one than the sources need (docs/decisions/2026-11-25-format-on-jdk-25.md).
public final class Format {
    private static final int LINE_COLUMNS = 120;
    private static final Pattern COMMENT = Pattern.compile("\\s*///? +");

    private Format() {}

    public static void main(String[] args) throws IOException {
        boolean apply = args[0].equals("apply");
        Path root = Path.of(args[1]);
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .formatJavadoc(false)
                .build());
        List<Path> wrong = javaFiles(root).stream()
                .filter(file -> differs(formatter, file, apply))
                .toList();
        if (!apply && !wrong.isEmpty()) {
            wrong.forEach(file -> System.err.println("not formatted: " + root.relativize(file)));
            System.err.println(wrong.size() + " file(s) are not formatted; mvn -q validate -Dformat=apply mends them");
            System.exit(1);
        }
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !root.relativize(file).toString().matches("(.*/)?(target|\\.git|node_modules)/.*"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static boolean differs(Formatter formatter, Path file, boolean apply) {
        try {
            String source = Files.readString(file);
            String formatted = formatter.formatSource(ImportOrderer.reorderImports(
                    RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.PALANTIR));
            if (source.equals(formatted)) {
                return false;
            }
            if (apply) {
                Files.writeString(file, formatted);
            }
            return true;
        } catch (FormatterException | IOException failure) {
            System.err.println(file + ": " + failure.getMessage());
            return true;
        }
    }

    /// Breaks `///` and `//` lines that are too long between two words, keeping their marker: the formatter itself
    // would go
    /// on with `//` and tear a documentation comment apart.
    private static String wrapComments(String source) {
        StringBuilder wrapped = new StringBuilder(source.length());
        for (String line : source.split("\n", -1)) {
            String rest = line;
            Matcher comment = COMMENT.matcher(rest);
            while (rest.length() > LINE_COLUMNS && comment.lookingAt()) {
                int space = rest.lastIndexOf(' ', LINE_COLUMNS);
                if (space <= comment.end()) {
                    break;
                }
                wrapped.append(rest, 0, space).append('\n');
                rest = comment.group() + rest.substring(space + 1);
                comment = COMMENT.matcher(rest);
            }
            wrapped.append(rest).append('\n');
        }
        wrapped.setLength(wrapped.length() - 1);
        return wrapped.toString();
    }
}
