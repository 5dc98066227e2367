package dev.nearhand.transport.mdns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.dns.DnsName;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.ByteWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Who announces a service, who browses for it, and everybody else on the link, in virtual time.
class ServiceDiscoveryTest {
    private static final String UDP = "_turn._udp.local";
    private static final String TCP = "_turn._tcp.local";
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.2.7");
    private static final MdnsService SERVICE = new MdnsService("turn-1", UDP, 3_478, "turn-1.local", ADDRESS);
    private static final InetSocketAddress ASKER = new InetSocketAddress("192.0.2.9", MdnsResponder.PORT);
    private static final InetSocketAddress LEGACY = new InetSocketAddress("192.0.2.9", 40_000);
    private static final int LINK = 2;
    private static final int QU = 0x8000;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final ServiceResponder responder = new ServiceResponder(new SplittableRandom(1));
    private long now;

    private record Sent(ByteBuffer bytes, MdnsResponder.Outgoing how) {
        List<MdnsRecord> records() {
            return MdnsMessage.records(bytes);
        }
    }

    private static ByteBuffer question(int id, String name, int type, int flags) {
        ByteBuffer into = ByteBuffer.allocate(1_000);
        ByteWriter writer = new ByteWriter(into);
        writer.u16(id).u16(0).u16(1).u16(0).u16(0).u16(0);
        DnsName.write(writer, name);
        writer.u16(type).u16(1 | flags);
        return into.flip();
    }

    /// All that is sent until `untilNanos`.
    private List<Sent> sent(long untilNanos) {
        List<Sent> all = new ArrayList<>();
        while (true) {
            responder.handleTimeout(now);
            for (Sent next = next(); next != null; next = next()) {
                all.add(next);
            }
            if (responder.nextTimeoutNanos() > untilNanos) {
                now = untilNanos;
                return all;
            }
            now = responder.nextTimeoutNanos();
        }
    }

    private @Nullable Sent next() {
        ByteBuffer into = ByteBuffer.allocate(ServiceResponder.MAX_RESPONSE_BYTES);
        MdnsResponder.Outgoing how = responder.poll(into);
        return how == null ? null : new Sent(into.flip(), how);
    }

    private void publishAndLetAnnounce() {
        responder.publish(now, SERVICE, LINK);
        sent(now + 10 * SECOND_NANOS);
    }

    private void ask(ByteBuffer question, InetSocketAddress from) {
        responder.handleDatagram(now, question, from, false, Set.of(LINK));
    }

    private static void tellsEverything(Sent message) {
        assertThat(message.records())
                .extracting(MdnsRecord::record)
                .contains(
                        new DnsRecord.Pointer(UDP, "turn-1." + UDP),
                        new DnsRecord.Service("turn-1." + UDP, 0, 0, 3_478, "turn-1.local"),
                        new DnsRecord.Address("turn-1.local", ADDRESS));
    }

    @Test
    void whoBrowsesFindsTheServiceWithOneQuestion() {
        publishAndLetAnnounce();
        ServiceBrowser browser = new ServiceBrowser(0, List.of(TCP, UDP));
        ByteBuffer question = ByteBuffer.allocate(ServiceBrowser.MAX_QUESTION_BYTES);
        assertThat(browser.pollQuestion(question)).isTrue();
        ask(question.flip(), ASKER);
        List<Sent> answers = sent(now + SECOND_NANOS);
        assertThat(answers).hasSize(1);
        browser.handleDatagram(answers.getFirst().bytes);
        assertThat(browser.pollFound()).isEqualTo(new ServiceBrowser.Found(UDP, new InetSocketAddress(ADDRESS, 3_478)));
        browser.handleDatagram(answers.getFirst().bytes);
        assertThat(browser.pollFound()).isNull();
        assertThat(browser.pollQuestion(question)).isFalse();
    }

    @Test
    void aServiceIsAnnouncedTwiceToAllOverBothFamilies() {
        responder.publish(0, SERVICE, LINK);
        List<Sent> announcements = sent(60 * SECOND_NANOS);
        assertThat(announcements).hasSize(4).allSatisfy(message -> {
            tellsEverything(message);
            assertThat(message.how.to()).isNull();
            assertThat(message.how.link()).isEqualTo(LINK);
        });
        assertThat(announcements)
                .extracting(message -> message.how.overIpv6())
                .containsExactly(false, true, false, true);
        assertThat(responder.nextTimeoutNanos()).isEqualTo(TimerTable.NEVER);
    }

    @Test
    void anAnswerToAllComesAfterTheDelayThatLetsOthersAnswerFirst() {
        publishAndLetAnnounce();
        long askedNanos = now;
        ask(question(0, UDP, DnsRecord.TYPE_PTR, 0), ASKER);
        assertThat(responder.nextTimeoutNanos() - askedNanos).isBetween(20_000_000L, 120_000_000L);
        assertThat(sent(now + SECOND_NANOS)).hasSize(1).allSatisfy(ServiceDiscoveryTest::tellsEverything);
    }

    @Test
    void nothingIsToldToAllTwiceWithinASecond() {
        publishAndLetAnnounce();
        int told = 0;
        for (int i = 0; i < 100; i++) {
            ask(question(0, UDP, DnsRecord.TYPE_PTR, 0), ASKER);
            told += sent(now + SECOND_NANOS / 10).size();
        }
        assertThat(told).isBetween(9, 11);
    }

    @Test
    void whoKnowsItAlreadyIsNotAnswered() {
        publishAndLetAnnounce();
        ByteBuffer into = ByteBuffer.allocate(1_000);
        ByteWriter writer = new ByteWriter(into);
        writer.u16(0).u16(0).u16(1).u16(1).u16(0).u16(0);
        DnsName.write(writer, UDP);
        writer.u16(DnsRecord.TYPE_PTR).u16(1);
        DnsName.write(writer, UDP);
        String instance = "turn-1." + UDP;
        writer.u16(DnsRecord.TYPE_PTR).u16(1).u32(2_250).u16(instance.length() + 2);
        DnsName.write(writer, instance);
        ask(into.flip(), ASKER);
        assertThat(sent(now + SECOND_NANOS)).isEmpty();
        assertThat(responder.counters()).containsEntry("services.suppressed.known", 1L);
    }

    @Test
    void whoKnowsNoMdnsIsAnsweredAloneWithItsQuestionAndAShortLife() {
        publishAndLetAnnounce();
        ask(question(0x1234, UDP, DnsRecord.TYPE_PTR, 0), LEGACY);
        Sent answer = sent(now + SECOND_NANOS).getFirst();
        assertThat(answer.how.to()).isEqualTo(LEGACY);
        assertThat(answer.bytes.getShort(0)).isEqualTo((short) 0x1234);
        assertThat(answer.bytes.getShort(4)).isEqualTo((short) 1);
        tellsEverything(answer);
        assertThat(answer.records())
                .allSatisfy(told -> assertThat(told.ttlSeconds()).isBetween(1L, 10L));
    }

    @Test
    void whoWantsToBeAnsweredAloneIsWhenAllHaveHeardItLately() {
        responder.publish(0, SERVICE, LINK);
        sent(2 * SECOND_NANOS);
        ask(question(0, "turn-1." + UDP, DnsRecord.TYPE_SRV, QU), ASKER);
        assertThat(sent(now).getFirst().how.to()).isEqualTo(ASKER);
    }

    @Test
    void theTypesOfServicesAreToldToo() {
        publishAndLetAnnounce();
        ask(question(0, "_services._dns-sd._udp.local", DnsRecord.TYPE_PTR, 0), ASKER);
        assertThat(sent(now + SECOND_NANOS).getFirst().records())
                .extracting(MdnsRecord::record)
                .contains(new DnsRecord.Pointer("_services._dns-sd._udp.local", UDP));
    }

    @Test
    void whatIsWithdrawnIsSaidGoodbyeTo() {
        publishAndLetAnnounce();
        responder.withdraw(SERVICE);
        assertThat(sent(now)).hasSize(2).allSatisfy(message -> assertThat(message.records())
                .isNotEmpty()
                .allSatisfy(told -> assertThat(told.ttlSeconds()).isZero()));
        assertThat(responder.isIdle()).isTrue();
        ask(question(0, UDP, DnsRecord.TYPE_PTR, 0), ASKER);
        assertThat(sent(now + SECOND_NANOS)).isEmpty();
    }

    @Test
    void whoIsOnAnotherLinkOrAsksForSomethingElseIsNotAnswered() {
        publishAndLetAnnounce();
        responder.handleDatagram(now, question(0, UDP, DnsRecord.TYPE_PTR, 0), ASKER, false, Set.of(LINK + 1));
        ask(question(0, TCP, DnsRecord.TYPE_PTR, 0), ASKER);
        ask(question(0, UDP, DnsRecord.TYPE_SRV, 0), ASKER);
        ask(question(0, "turn-2." + UDP, DnsRecord.TYPE_SRV, 0), ASKER);
        assertThat(sent(now + SECOND_NANOS)).isEmpty();
    }

    @Test
    void questionsOfSingleAskersAreNotAnsweredWithoutEnd() {
        publishAndLetAnnounce();
        for (int i = 0; i < 1_000; i++) {
            ask(question(i, UDP, DnsRecord.TYPE_PTR, 0), LEGACY);
        }
        assertThat(sent(now)).hasSize(Outbox.UNICAST_LIMIT);
    }

    // --- who browses

    private static ByteBuffer response(List<DnsRecord> records, long ttlSeconds) {
        ByteBuffer into = ByteBuffer.allocate(9_000);
        ByteWriter writer = new ByteWriter(into);
        writer.u16(0).u16(0x8400).u16(0).u16(records.size()).u16(0).u16(0);
        for (DnsRecord record : records) {
            ByteBuffer data = ByteBuffer.allocate(1_000);
            ByteWriter rdata = new ByteWriter(data);
            int type =
                    switch (record) {
                        case DnsRecord.Pointer pointer -> {
                            DnsName.write(rdata, pointer.target());
                            yield DnsRecord.TYPE_PTR;
                        }
                        case DnsRecord.Service service -> {
                            rdata.u16(0).u16(0).u16(service.port());
                            DnsName.write(rdata, service.target());
                            yield DnsRecord.TYPE_SRV;
                        }
                        case DnsRecord.Address address -> {
                            rdata.bytes(address.address().getAddress());
                            yield address.address().getAddress().length == 4 ? DnsRecord.TYPE_A : DnsRecord.TYPE_AAAA;
                        }
                        case DnsRecord.Naptr _ -> throw new IllegalArgumentException("nobody sends these");
                    };
            DnsName.write(writer, record.name());
            writer.u16(type).u16(1).u32(ttlSeconds).u16(data.position());
            writer.bytes(java.util.Arrays.copyOf(data.array(), data.position()));
        }
        return into.flip();
    }

    private static List<ServiceBrowser.Found> found(ServiceBrowser browser) {
        List<ServiceBrowser.Found> all = new ArrayList<>();
        for (ServiceBrowser.Found next = browser.pollFound(); next != null; next = browser.pollFound()) {
            all.add(next);
        }
        return all;
    }

    private static List<String> questions(ServiceBrowser browser) {
        List<String> all = new ArrayList<>();
        ByteBuffer into = ByteBuffer.allocate(ServiceBrowser.MAX_QUESTION_BYTES);
        while (browser.pollQuestion(into)) {
            MdnsQuery query = MdnsQuery.parse(into.flip());
            query.questions().forEach(question -> all.add(question.hostName() + " " + question.type()));
            into.clear();
        }
        return all;
    }

    @Test
    void whatAnAnswerLeavesOutIsAskedForOnce() {
        ServiceBrowser browser = new ServiceBrowser(0, List.of(UDP));
        assertThat(questions(browser)).containsExactly(UDP + " 12");
        ByteBuffer pointer = response(List.of(new DnsRecord.Pointer(UDP, "a." + UDP)), 120);
        browser.handleDatagram(pointer);
        browser.handleDatagram(pointer);
        assertThat(questions(browser)).containsExactly("a." + UDP + " 33");
        browser.handleDatagram(response(List.of(new DnsRecord.Service("a." + UDP, 0, 0, 9, "h.local")), 120));
        assertThat(questions(browser)).containsExactly("h.local 1", "h.local 28");
        browser.handleDatagram(response(List.of(new DnsRecord.Address("h.local", ADDRESS)), 120));
        assertThat(found(browser)).containsExactly(new ServiceBrowser.Found(UDP, new InetSocketAddress(ADDRESS, 9)));
    }

    @Test
    void itAsksTwiceAndEnds() {
        ServiceBrowser browser = new ServiceBrowser(5, List.of(UDP));
        assertThat(questions(browser)).hasSize(1);
        assertThat(browser.nextTimeoutNanos()).isEqualTo(5 + SECOND_NANOS);
        browser.handleTimeout(5 + SECOND_NANOS);
        assertThat(questions(browser)).hasSize(1);
        browser.handleTimeout(browser.nextTimeoutNanos());
        assertThat(browser.isOver()).isTrue();
        assertThat(browser.nextTimeoutNanos()).isEqualTo(TimerTable.NEVER);
        browser.handleDatagram(response(List.of(new DnsRecord.Pointer(UDP, "a." + UDP)), 120));
        assertThat(questions(browser)).isEmpty();
    }

    @Test
    void whatDoesNotBelongToTheTypeOrCannotBeUsedIsNotFound() {
        ServiceBrowser browser = new ServiceBrowser(0, List.of(UDP));
        questions(browser);
        browser.handleDatagram(response(
                List.of(
                        new DnsRecord.Pointer(TCP, "a." + TCP),
                        new DnsRecord.Pointer(UDP, "elsewhere.example.org"),
                        new DnsRecord.Pointer(UDP, "b." + UDP),
                        new DnsRecord.Pointer(UDP, "c." + UDP),
                        new DnsRecord.Pointer(UDP, "d." + UDP),
                        new DnsRecord.Service("a." + TCP, 0, 0, 9, "h.local"),
                        new DnsRecord.Service("b." + UDP, 0, 0, 0, "h.local"),
                        new DnsRecord.Service("c." + UDP, 0, 0, 9, "example.org"),
                        new DnsRecord.Service("unasked." + UDP, 0, 0, 9, "h.local"),
                        new DnsRecord.Service("d." + UDP, 0, 0, 9, "bad.local"),
                        new DnsRecord.Address("h.local", ADDRESS),
                        new DnsRecord.Address("bad.local", InetAddress.ofLiteral("224.0.0.1")),
                        new DnsRecord.Address("bad.local", InetAddress.ofLiteral("0.0.0.0")),
                        new DnsRecord.Address("bad.local", InetAddress.ofLiteral("fe80::1"))),
                120));
        assertThat(found(browser)).isEmpty();
    }

    @Test
    void aGoodbyeIsNoService() {
        ServiceBrowser browser = new ServiceBrowser(0, List.of(UDP));
        questions(browser);
        browser.handleDatagram(response(
                List.of(
                        new DnsRecord.Pointer(UDP, "a." + UDP),
                        new DnsRecord.Service("a." + UDP, 0, 0, 9, "h.local"),
                        new DnsRecord.Address("h.local", ADDRESS)),
                0));
        assertThat(found(browser)).isEmpty();
        assertThat(questions(browser)).isEmpty();
    }

    @Test
    void aLinkFullOfServicesIsNotListenedToWithoutEnd() {
        ServiceBrowser browser = new ServiceBrowser(0, List.of(UDP));
        questions(browser);
        for (int i = 0; i < 500; i++) {
            String name = "s" + i + "." + UDP;
            browser.handleDatagram(response(
                    List.of(
                            new DnsRecord.Pointer(UDP, name),
                            new DnsRecord.Service(name, 0, 0, 1 + i, "h" + i + ".local"),
                            new DnsRecord.Address("h" + i + ".local", ADDRESS)),
                    120));
        }
        assertThat(found(browser)).hasSize(ServiceBrowser.SERVICES_LIMIT);
    }

    @Test
    void everyTruncationAndEveryFlippedBitOfAnAnswerIsSurvived() {
        publishAndLetAnnounce();
        ask(question(0, UDP, DnsRecord.TYPE_PTR, 0), ASKER);
        ByteBuffer answer = sent(now + SECOND_NANOS).getFirst().bytes;
        for (int length = 0; length < answer.limit(); length++) {
            browse(answer.slice(0, length));
        }
        for (int bit = 0; bit < answer.limit() * 8; bit++) {
            ByteBuffer flipped =
                    ByteBuffer.allocate(answer.limit()).put(answer.duplicate()).flip();
            flipped.put(bit / 8, (byte) (flipped.get(bit / 8) ^ 1 << bit % 8));
            browse(flipped);
            ask(flipped, ASKER);
            sent(now);
        }
    }

    private static void browse(ByteBuffer message) {
        ServiceBrowser browser = new ServiceBrowser(0, List.of(UDP, TCP));
        browser.handleDatagram(message);
        questions(browser);
        found(browser);
    }

    @Test
    void whatCannotBeWrittenIsNoService() {
        assertThatThrownBy(() -> new MdnsService("a.b", UDP, 1, "h.local", ADDRESS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MdnsService("a", "_turn._udp.example.org", 1, "h.local", ADDRESS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MdnsService("a", UDP, 0, "h.local", ADDRESS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ServiceBrowser(0, List.of("turn.local")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
