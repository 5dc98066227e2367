package dev.nearhand.transport.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/// Logs are pasted into public places: none may hold an address, a key or a code, at any level.
@Timeout(120)
class LogPrivacyTest {
    private static final Pattern IPV4 = Pattern.compile("\\b\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\b");
    private static final Pattern IPV6 =
            Pattern.compile("(?i)(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}|\\b[0-9a-f]{0,4}::[0-9a-f]{1,4}|\\[::");

    private final Logger root = (Logger) LoggerFactory.getLogger("dev.nearhand");
    private final Lines lines = new Lines();
    private Level before;

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        final List<String> text = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            text.add(event.getFormattedMessage());
            for (IThrowableProxy thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
                text.add(thrown.getClassName() + ": " + thrown.getMessage());
            }
        }
    }

    @BeforeEach
    void listen() {
        before = root.getLevel();
        root.setLevel(Level.TRACE);
        root.setAdditive(false);
        lines.start();
        root.addAppender(lines);
    }

    @AfterEach
    void stop() {
        root.detachAppender(lines);
        root.setAdditive(true);
        root.setLevel(before);
    }

    private List<String> revealing(List<String> secrets) {
        return lines.text.stream()
                .filter(line -> IPV4.matcher(line).find()
                        || IPV6.matcher(line).find()
                        || secrets.stream().anyMatch(line::contains))
                .toList();
    }

    @Test
    void aConnectionThroughItsWholeLifeLogsNoAddressAndNoSecret() throws Exception {
        List<String> secrets = new ArrayList<>();
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .map(InetAddress::getHostAddress)
                .forEach(secrets::add);
        try (ConnectedPair pair = new ConnectedPair()) {
            ConnectedPair.Ends ends = pair.open("chat", DataChannelOptions.reliable());
            ends.offerers().send("a private word");
            secrets.add("a private word");
            pair.offerer.setLocalDescription(pair.offerer.createOffer());
            for (String line : pair.offerer.toString().lines().toList()) {
                assertThat(IPV4.matcher(line).find()).isFalse();
            }
            pair.answerer.addRemoteCandidate("candidate:1 1 udp 1 203.0.113.7 9 typ host");
            secrets.add("203.0.113.7");
        }
        try (PeerConnection connection = PeerConnection.create()) {
            SessionDescription offer = connection.createOffer();
            for (String line : offer.sdp().split("\r\n")) {
                if (line.startsWith("a=ice-ufrag:") || line.startsWith("a=ice-pwd:")) {
                    secrets.add(line.substring(line.indexOf(':') + 1));
                }
            }
            assertThat(offer.toString()).doesNotContain("candidate");
        }
        assertThat(lines.text).as("there is a log at all").anyMatch(line -> line.contains("CONNECTED"));
        assertThat(revealing(secrets)).isEmpty();
    }

    @Test
    void aLineThatHoldsAnAddressWouldBeFound() {
        root.info("sent to {}", "192.0.2.1:5000");
        root.info("sent to {}", "2001:db8:0:0:0:0:0:1");
        root.info("sent to {}", "[::1]:5000");
        root.info("state CONNECTING -> CONNECTED at 12:30:45 on :5000");
        assertThat(revealing(List.of())).hasSize(3);
    }
}
