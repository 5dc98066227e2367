package dev.nearhand.transport.mdns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.time.TimerTable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MdnsResponderTest {
    private static final String NAME = "2d1ee1d3-5f5b-4d5f-8f0e-3f9a5a0a0001.local";
    private static final InetAddress FOUR = InetAddress.ofLiteral("192.0.2.7");
    private static final InetAddress SIX = InetAddress.ofLiteral("2001:db8::7");
    private static final int LINK = 2;
    private static final InetSocketAddress ASKER = new InetSocketAddress("192.0.2.9", MdnsResponder.PORT);
    private static final InetSocketAddress LEGACY = new InetSocketAddress("192.0.2.9", 40_000);
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int TXT = 16;
    private static final int QU = 0x8000;

    private final MdnsResponder responder = new MdnsResponder();
    private long now;

    private record Sent(ByteBuffer bytes, MdnsResponder.Outgoing how) {
        List<MdnsAnswer> answers() {
            return MdnsMessage.answers(bytes);
        }

        int id() {
            return bytes.getShort(0) & 0xFFFF;
        }
    }

    private static ByteBuffer question(String name, int flags, int id, int... types) {
        ByteBuffer into = ByteBuffer.allocate(4_096);
        into.putShort((short) id)
                .putShort((short) 0)
                .putShort((short) types.length)
                .putShort((short) 0)
                .putInt(0);
        for (int type : types) {
            putName(into, name);
            into.putShort((short) type).putShort((short) (1 | flags));
        }
        return into.flip();
    }

    private static void putName(ByteBuffer into, String name) {
        for (String label : name.split("\\.")) {
            into.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        into.put((byte) 0);
    }

    /// A question for the address, by one who knows it already for `ttl` seconds more.
    private static ByteBuffer knowingQuestion(int ttl, InetAddress known) {
        ByteBuffer question = question(NAME, 0, 0, A);
        ByteBuffer into = ByteBuffer.allocate(4_096).put(question).putShort(6, (short) 1);
        into.putShort((short) 0xC00C).putShort((short) A).putShort((short) 1).putInt(ttl);
        into.putShort((short) known.getAddress().length).put(known.getAddress());
        return into.flip();
    }

    private void ask(ByteBuffer question, InetSocketAddress from, Integer... links) {
        int before = question.position();
        responder.handleDatagram(now, question, from, false, Set.of(links));
        assertThat(question.position()).isEqualTo(before);
    }

    private List<Sent> sent() {
        responder.handleTimeout(now);
        List<Sent> all = new ArrayList<>();
        while (true) {
            ByteBuffer into = ByteBuffer.allocate(MdnsResponder.MAX_RESPONSE_BYTES);
            MdnsResponder.@Nullable Outgoing how = responder.poll(into);
            if (how == null) {
                return all;
            }
            assertThat(how.length()).isEqualTo(into.position());
            all.add(new Sent(into.flip(), how));
        }
    }

    private void waitMillis(int millis) {
        now += millis * 1_000_000L;
    }

    private long count(String name) {
        return responder.counters().getOrDefault(name, 0L);
    }

    private void publish() {
        responder.publish(now, NAME, FOUR, LINK);
    }

    @Test
    void aQuestionIsAnsweredAtOnceToAllOnItsLink() {
        publish();
        waitMillis(50);
        ask(question(NAME, 0, 77, A), ASKER, LINK);
        Sent answer = only(sent());
        assertThat(answer.answers()).containsExactly(new MdnsAnswer(NAME, FOUR));
        assertThat(answer.how.to()).isNull();
        assertThat(answer.how.link()).isEqualTo(LINK);
        assertThat(answer.how.overIpv6()).isFalse();
        assertThat(answer.id()).isZero();
        // the whole of it, written by hand from RFC 1035 section 4, RFC 4034 section 4.1 and RFC 6762 section 18
        String name = "24" + HexFormat.of().formatHex(NAME.substring(0, 36).getBytes(StandardCharsets.US_ASCII))
                + "056c6f63616c00";
        assertThat(answer.bytes)
                .isEqualTo(ByteBuffer.wrap(HexFormat.of()
                        .parseHex("0000" + "8400" + "0000" + "0001" + "0000" + "0001" + name
                                + "0001" + "8001" + "00000078" + "0004" + "c0000207" + "c00c" + "002f" + "8001"
                                + "00000078" + "0005" + "c00c" + "000140")));
    }

    private static Sent only(List<Sent> sent) {
        assertThat(sent).hasSize(1);
        return sent.getFirst();
    }

    @Test
    void namesAreFoundInAnyCase() {
        responder.publish(now, NAME.toUpperCase(java.util.Locale.ROOT), FOUR, LINK);
        ask(question(NAME.toUpperCase(java.util.Locale.ROOT), 0, 0, A), ASKER, LINK);
        assertThat(only(sent()).answers()).containsExactly(new MdnsAnswer(NAME, FOUR));
    }

    @Test
    void nothingIsToldTwiceWithinASecond() {
        publish();
        ask(question(NAME, 0, 0, A), ASKER, LINK);
        assertThat(sent()).hasSize(1);
        waitMillis(300);
        ask(question(NAME, 0, 0, A), ASKER, LINK);
        ask(question(NAME, 0, 0, A), ASKER, LINK);
        assertThat(sent()).isEmpty();
        assertThat(responder.nextTimeoutNanos()).isEqualTo(MdnsResponder.PAUSE_NANOS);
        waitMillis(700);
        assertThat(sent())
                .as("one for both, and the announcement over the other family")
                .hasSize(2)
                .allMatch(one -> one.answers().size() == 1);
    }

    @Test
    void aNameIsAnnouncedTwiceASecondAfterItWasPublished() {
        publish();
        assertThat(sent()).isEmpty();
        List<Long> times = new ArrayList<>();
        for (long next = responder.nextTimeoutNanos(); next != TimerTable.NEVER; next = responder.nextTimeoutNanos()) {
            now = next;
            List<Sent> announced = sent();
            assertThat(announced).extracting(one -> one.how.overIpv6()).containsExactly(false, true);
            assertThat(announced).allMatch(one -> one.answers().equals(List.of(new MdnsAnswer(NAME, FOUR))));
            times.add(now / 1_000_000);
        }
        assertThat(times).containsExactly(1_000L, 2_000L);
    }

    @Test
    void whoAsksForAnotherTypeHearsThatThereIsNone() {
        responder.publish(now, NAME, SIX, LINK);
        ask(question(NAME, 0, 0, A), ASKER, LINK);
        ByteBuffer none = only(sent()).bytes;
        assertThat(MdnsMessage.answers(none)).isEmpty();
        // one record: NSEC, whose bitmap says AAAA
        assertThat(HexFormat.of().formatHex(none.array(), none.limit() - 10, none.limit()))
                .isEqualTo("0008" + "c00c" + "0004" + "00000008");
        waitMillis(1_000);
        ask(question(NAME, 0, 0, TXT, AAAA), ASKER, LINK);
        assertThat(sent().getFirst().answers()).containsExactly(new MdnsAnswer(NAME, SIX));
    }

    @Test
    void whoAsksForBothFamiliesInTwoMessagesDoesNotWait() {
        responder.publish(now, NAME, SIX, LINK);
        ask(question(NAME, 0, 0, A), ASKER, LINK);
        assertThat(only(sent()).answers()).isEmpty();
        waitMillis(300);
        ask(question(NAME, 0, 0, AAAA), ASKER, LINK);
        Sent second = only(sent());
        assertThat(second.answers()).containsExactly(new MdnsAnswer(NAME, SIX));
        assertThat(second.bytes.getShort(10))
                .as("not again that there is no other")
                .isZero();

        waitMillis(200);
        ask(question(NAME, 0, 0, AAAA), ASKER, LINK);
        waitMillis(550);
        ask(question(NAME, 0, 0, A), ASKER, LINK);
        assertThat(sent())
                .as("the address is not told before its second is over")
                .noneMatch(one -> !one.answers().isEmpty());
        waitMillis(250);
        assertThat(sent()).anyMatch(one -> one.answers().equals(List.of(new MdnsAnswer(NAME, SIX))));
    }

    @Test
    void whoAsksFromAnotherPortIsAnsweredAloneAsByAPlainServer() {
        publish();
        ask(question(NAME, 0, 0xABCD, A, AAAA), LEGACY, LINK);
        Sent answer = only(sent());
        assertThat(answer.how.to()).isEqualTo(LEGACY);
        assertThat(answer.id()).isEqualTo(0xABCD);
        assertThat(answer.bytes.getShort(4)).as("questions").isEqualTo((short) 2);
        assertThat(answer.answers()).containsExactly(new MdnsAnswer(NAME, FOUR));
        String text = HexFormat.of().formatHex(answer.bytes.array(), 0, answer.bytes.limit());
        assertThat(text).as("ten seconds, no flush").contains("c00c" + "0001" + "0001" + "0000000a" + "0004");
    }

    @Test
    void whoWantsToBeAnsweredAloneIsWhereAllHaveHeardItLately() {
        publish();
        ask(question(NAME, QU, 0, A), ASKER, LINK);
        assertThat(only(sent()).how.to()).as("nobody has heard it yet").isNull();
        waitMillis(10);
        ask(question(NAME, QU, 0, A), ASKER, LINK);
        assertThat(only(sent()).how.to()).isEqualTo(ASKER);
    }

    @Test
    void whoKnowsTheAnswerIsNotTold() {
        publish();
        ask(knowingQuestion(100, FOUR), ASKER, LINK);
        assertThat(sent()).isEmpty();
        assertThat(count("suppressed.known")).isEqualTo(1);
        ask(knowingQuestion(100, InetAddress.ofLiteral("192.0.2.8")), ASKER, LINK);
        assertThat(only(sent()).answers()).as("what it knows is wrong").hasSize(1);
        waitMillis(2_000);
        sent();
        waitMillis(2_000);
        sent();
        waitMillis(2_000);
        ask(knowingQuestion(20, FOUR), ASKER, LINK);
        assertThat(sent()).as("it is about to forget it").hasSize(1);
    }

    @Test
    void onlyItsOwnNamesOnTheirOwnLinkAndOnlyNeighboursAreAnswered() {
        publish();
        ask(question("somebody-else.local", 0, 0, A), ASKER, LINK);
        ask(question(NAME, 0, 0, A), ASKER, LINK + 1);
        ask(question(NAME, 0, 0, A), ASKER);
        assertThat(sent()).isEmpty();
        assertThat(count("ignored.otherNames")).isEqualTo(1);
        assertThat(count("dropped.otherLink")).isEqualTo(1);
        assertThat(count("dropped.offLink")).isEqualTo(1);
    }

    @Test
    void aNameThatIsWithdrawnIsToldGoneToThoseWhoHaveHeardOfItAndAnsweredNoMore() {
        publish();
        responder.withdraw(NAME);
        assertThat(sent()).as("nobody has heard of it").isEmpty();
        assertThat(responder.isIdle()).isTrue();
        publish();
        ask(question(NAME, 0, 0, A), ASKER, LINK);
        sent();
        responder.withdraw(NAME);
        assertThat(responder.isIdle()).as("still to say goodbye").isFalse();
        List<Sent> goodbyes = sent();
        assertThat(goodbyes).hasSize(2);
        String text = HexFormat.of()
                .formatHex(
                        goodbyes.getFirst().bytes.array(),
                        0,
                        goodbyes.getFirst().bytes.limit());
        assertThat(text).endsWith("0001" + "8001" + "00000000" + "0004" + "c0000207");
        ask(question(NAME, 0, 0, A), ASKER, LINK);
        assertThat(sent()).isEmpty();
        assertThat(responder.isIdle()).isTrue();
        assertThat(responder.nextTimeoutNanos()).isEqualTo(TimerTable.NEVER);
    }

    @Test
    void aFloodOfQuestionsIsAnsweredWithinItsLimit() {
        publish();
        for (int i = 0; i < 1_000; i++) {
            ask(question(NAME, 0, i, A), LEGACY, LINK);
            ask(question(NAME, 0, i, A), ASKER, LINK);
        }
        assertThat(sent()).hasSize(Outbox.UNICAST_LIMIT + 1);
        assertThat(count("dropped.tooManyQuestions")).isEqualTo(1_000 - Outbox.UNICAST_LIMIT);
        waitMillis(1_000);
        ask(question(NAME, 0, 1, A), LEGACY, LINK);
        assertThat(sent()).anyMatch(one -> LEGACY.equals(one.how.to()));
    }

    @Test
    void namesAreBounded() {
        for (int i = 0; i <= MdnsResponder.NAMES_LIMIT; i++) {
            responder.publish(now, "n" + i + ".local", FOUR, LINK);
        }
        assertThat(count("refused.names")).isEqualTo(1);
        ask(question("n" + MdnsResponder.NAMES_LIMIT + ".local", 0, 0, A), ASKER, LINK);
        ask(question("n0.local", 0, 0, A), ASKER, LINK);
        assertThat(sent()).hasSize(1);
    }

    @Test
    void responsesAndDamagedQuestionsAreNoQuestions() {
        publish();
        ByteBuffer response = question(NAME, 0, 0, A);
        response.put(2, (byte) 0x84);
        ask(response, ASKER, LINK);
        ByteBuffer update = question(NAME, 0, 0, A);
        update.put(2, (byte) 0x28);
        ask(update, ASKER, LINK);
        assertThat(count("ignored.responses")).isEqualTo(1);
        assertThat(count("dropped.malformed")).isEqualTo(1);

        byte[] whole = new byte[question(NAME, 0, 0, A, AAAA).limit()];
        question(NAME, 0, 0, A, AAAA).get(whole);
        for (int length = 0; length < whole.length; length++) {
            ask(ByteBuffer.wrap(whole, 0, length).slice(), ASKER, LINK);
        }
        assertThat(count("dropped.malformed")).isEqualTo(1 + whole.length);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            ask(ByteBuffer.wrap(flipped), ASKER, LINK);
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            if (noise.length > 12) {
                System.arraycopy(new byte[] {0, 0, 0, 0, 0}, 0, noise, 0, 5);
            }
            ask(ByteBuffer.wrap(noise), i % 2 == 0 ? ASKER : LEGACY, LINK);
        }
        assertThat(sent()).as("but for questions that are still whole").hasSizeLessThan(2 + Outbox.UNICAST_LIMIT);
    }
}
