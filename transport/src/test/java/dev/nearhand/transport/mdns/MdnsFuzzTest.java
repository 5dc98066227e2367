package dev.nearhand.transport.mdns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

class MdnsFuzzTest {
    private static final String HOST = "2d1ee1d3-5f5b-4d5f-8f0e-3f9a5a0a0001.local";
    private static final String TYPE = "_turn._udp.local";
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.2.7");
    private static final InetSocketAddress[] ASKERS = {
        new InetSocketAddress("192.0.2.9", MdnsResponder.PORT), new InetSocketAddress("192.0.2.9", 40_000)
    };
    private static final int LINK = 1;
    private static final long STEP_NANOS = 300_000_000L;

    @FuzzTest
    void answers(byte[] datagram) {
        for (MdnsAnswer answer : MdnsMessage.answers(ByteBuffer.wrap(datagram))) {
            assertThat(answer.hostName()).isEqualTo(answer.hostName().toLowerCase(Locale.ROOT));
            if (MdnsMessage.isAskable(answer.hostName())) {
                MdnsMessage.writeQuestion(answer.hostName(), ByteBuffer.allocate(MdnsMessage.MAX_QUESTION_BYTES));
            }
        }
    }

    /// Two datagrams, as an answer may leave to the next what it does not say.
    @FuzzTest
    void browser(byte[] datagrams) {
        ServiceBrowser browser = new ServiceBrowser(0, List.of(TYPE, "_turn._tcp.local"));
        int half = datagrams.length / 2;
        browser.handleDatagram(ByteBuffer.wrap(datagrams, 0, half));
        browser.handleDatagram(ByteBuffer.wrap(datagrams, half, datagrams.length - half));
        browser.handleDatagram(ByteBuffer.wrap(datagrams));
        int found = 0;
        for (ServiceBrowser.Found next = browser.pollFound(); next != null; next = browser.pollFound()) {
            assertThat(next.address().getPort()).isPositive();
            found++;
        }
        assertThat(found).isLessThanOrEqualTo(ServiceBrowser.SERVICES_LIMIT * ServiceBrowser.ADDRESSES_LIMIT);
        ByteBuffer question = ByteBuffer.allocate(ServiceBrowser.MAX_QUESTION_BYTES);
        while (browser.pollQuestion(question)) {
            assertThat(MdnsQuery.parse(question.flip())).isNotNull();
            question.clear();
        }
    }

    /// Both responders hear the same, as they do on the wire, from a port of mDNS and from another one.
    @FuzzTest
    void responders(byte[] datagram) {
        MdnsResponder names = new MdnsResponder();
        names.publish(0, HOST, ADDRESS, LINK);
        ServiceResponder services = new ServiceResponder(new SplittableRandom(1));
        services.publish(0, new MdnsService("turn-1", TYPE, 3_478, HOST, ADDRESS), LINK);
        long now = 0;
        for (int step = 0; step < 8; step++) {
            InetSocketAddress from = ASKERS[step % ASKERS.length];
            names.handleDatagram(now, ByteBuffer.wrap(datagram), from, false, Set.of(LINK));
            services.handleDatagram(now, ByteBuffer.wrap(datagram), from, false, Set.of(LINK));
            now += STEP_NANOS;
            names.handleTimeout(now);
            services.handleTimeout(now);
            for (boolean more = true; more; ) {
                ByteBuffer into = ByteBuffer.allocate(ServiceResponder.MAX_RESPONSE_BYTES);
                more = names.poll(into) != null || services.poll(into) != null;
                if (more) {
                    // what it says can be read, or there is nothing in it but the word that there is nothing
                    assertThat(MdnsQuery.isResponse(into.flip())).isTrue();
                }
            }
        }
        assertThat(names.nextTimeoutNanos()).isGreaterThan(now);
        assertThat(services.nextTimeoutNanos()).isGreaterThan(now);
    }
}
