package dev.nearhand.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// `nearhand --version`.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "nearhand " + number(),
            "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }

    static String number() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/dev/nearhand/app/version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException _) {
            // said below
        }
        return properties.getProperty("version", "of unknown version");
    }
}
