import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
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
    /// The marker of a comment line, and of the list item or tag that begins in it.
    private static final Pattern COMMENT = Pattern.compile("(\\s*///? +)((?:[-*] |@)?)");
    /// The marker of a comment line that is prose: not a list item, a tag, a table row or code.
    private static final Pattern PROSE = Pattern.compile("\\s*///? (?=[^ \\-*|@`#0-9]|`[^`])");

    private Format() {}

    public static void main(String[] args) throws IOException {
        boolean apply = args[0].equals("apply");
        Path root = Path.of(args[1]);
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .formatJavadoc(false)
                .build());
        Path stamp = root.resolve("target/formatter/checked");
        FileTime started = FileTime.from(Instant.now());
        FileTime checked = Files.exists(stamp) ? Files.getLastModifiedTime(stamp) : FileTime.fromMillis(0);
        List<Path> wrong = javaFiles(root).stream()
                .filter(file -> isNewer(file, checked))
                .filter(file -> differs(formatter, file, apply))
                .toList();
        if (!apply && !wrong.isEmpty()) {
            wrong.forEach(file -> System.err.println("not formatted: " + root.relativize(file)));
            System.err.println(wrong.size() + " file(s) are not formatted; mvn -q validate -Dformat=apply mends them");
            System.exit(1);
        }
        Files.createDirectories(stamp.getParent());
        Files.writeString(stamp, "");
        Files.setLastModifiedTime(stamp, started);
    }

    /// Only what has changed since the last time that everything was right needs another look.
    private static boolean isNewer(Path file, FileTime checked) {
        try {
            return Files.getLastModifiedTime(file).compareTo(checked) > 0;
        } catch (IOException failure) {
            return true;
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
                    RemoveUnusedImports.removeUnusedImports(wrapComments(source)),
                    JavaFormatterOptions.Style.PALANTIR));
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

    /// Breaks comment lines that are too long between two words and lets the rest flow into the next line of the same
    /// paragraph: the formatter itself would go on with `//` and tear a documentation comment apart.
    private static String wrapComments(String source) {
        StringBuilder wrapped = new StringBuilder(source.length());
        String carried = "";
        for (String line : source.split("\n", -1)) {
            String rest = line;
            if (!carried.isEmpty()) {
                Matcher next = PROSE.matcher(line);
                if (next.lookingAt() && carried.startsWith(next.group())) {
                    rest = carried + " " + line.substring(next.end());
                } else {
                    wrapped.append(carried).append('\n');
                }
                carried = "";
            }
            Matcher comment = COMMENT.matcher(rest);
            while (rest.length() > LINE_COLUMNS && comment.lookingAt()) {
                int space = rest.lastIndexOf(' ', LINE_COLUMNS);
                if (space <= comment.end()) {
                    break;
                }
                wrapped.append(rest, 0, space).append('\n');
                String indent = comment.group(2).isEmpty() ? "" : "  ";
                carried = comment.group(1) + indent + rest.substring(space + 1);
                rest = carried;
                comment = COMMENT.matcher(rest);
            }
            if (carried.isEmpty()) {
                wrapped.append(rest).append('\n');
            }
        }
        wrapped.append(carried);
        if (carried.isEmpty()) {
            wrapped.setLength(wrapped.length() - 1);
        }
        return wrapped.toString();
    }
}
