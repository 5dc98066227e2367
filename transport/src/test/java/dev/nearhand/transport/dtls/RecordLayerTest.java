package dev.nearhand.transport.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.wire.ReplayWindow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordLayerTest {
    private static final byte[] CLIENT_KEY = filled(16, 1);
    private static final byte[] SERVER_KEY = filled(16, 2);
    private static final byte[] CLIENT_SALT = filled(4, 3);
    private static final byte[] SERVER_SALT = filled(4, 4);
    private static final byte[] FINISHED = finished();
    private static final int WARNING = 1;
    private static final int FATAL = 2;

    private final RecordWriter clientWriter = new RecordWriter(CLIENT_KEY, CLIENT_SALT);
    private final RecordLayer client =
            new RecordLayer(new RecordReader(SERVER_KEY, SERVER_SALT), clientWriter, null, 5);
    private final RecordLayer server = new RecordLayer(
            new RecordReader(CLIENT_KEY, CLIENT_SALT), new RecordWriter(SERVER_KEY, SERVER_SALT), FINISHED, 7);

    /// Against RFC 5288 and RFC 6347 written out once more, with the JDK's cipher and nothing of ours.
    @ParameterizedTest
    @ValueSource(ints = {16, 32})
    void aRecordIsTheOneOfTheRfc(int keyBytes) throws Exception {
        byte[] key = filled(keyBytes, 9);
        RecordLayer layer = new RecordLayer(
                new RecordReader(SERVER_KEY, SERVER_SALT),
                new RecordWriter(key, CLIENT_SALT, 0x0102_0304_0506L),
                null,
                0);
        byte[] record = protect(layer, text("hello"));

        ByteBuffer bytes = ByteBuffer.wrap(record);
        assertThat(bytes.get()).isEqualTo((byte) 23);
        assertThat(bytes.getShort()).isEqualTo((short) 0xFEFD);
        assertThat(bytes.getLong()).isEqualTo(0x0001_0102_0304_0506L);
        assertThat(bytes.getShort()).isEqualTo((short) (8 + 5 + 16));
        byte[] explicit = new byte[8];
        bytes.get(explicit);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = ByteBuffer.allocate(12).put(CLIENT_SALT).put(explicit).array();
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(ByteBuffer.allocate(13)
                .putLong(0x0001_0102_0304_0506L)
                .put((byte) 23)
                .putShort((short) 0xFEFD)
                .putShort((short) 5)
                .array());
        assertThat(cipher.doFinal(record, 21, record.length - 21))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("hello");
    }

    @Test
    void dataGoesBothWaysThroughAnyKindOfBuffer() {
        byte[] record = protect(client, direct("from the client"));
        ByteBuffer into = ByteBuffer.allocateDirect(2_000).position(3);
        assertThat(server.protect(text("from the server"), into)).isTrue();
        byte[] other = new byte[into.position() - 3];
        into.get(3, other);

        assertThat(received(server, record)).containsExactly("from the client");
        server.handleDatagram(ByteBuffer.allocateDirect(0));
        client.handleDatagram(ByteBuffer.allocateDirect(other.length).put(other).flip());
        assertThat(drain(client)).containsExactly("from the server");
        assertThat(client.drops()).isEmpty();
        assertThat(server.drops()).isEmpty();
    }

    @Test
    void theRecordMayStandInTheMiddleOfTheLentBuffer() {
        ByteBuffer lent = ByteBuffer.allocate(100).position(10).slice().position(7);
        assertThat(client.protect(text("x"), lent)).isTrue();

        assertThat(lent.position()).isEqualTo(7 + 1 + DtlsEndpoint.OVERHEAD_BYTES);
        assertThat(received(server, Arrays.copyOfRange(lent.array(), 17, 17 + 38)))
                .containsExactly("x");
    }

    /// The lent buffer may even hold the plain text.
    @Test
    void plainTextInTheSameArrayIsNotOverwrittenBeforeItIsRead() {
        ByteBuffer shared = ByteBuffer.allocate(100);
        shared.put(text("shared")).flip();
        ByteBuffer into = shared.duplicate().clear();
        assertThat(client.protect(shared, into)).isTrue();

        assertThat(received(server, Arrays.copyOf(shared.array(), into.position())))
                .containsExactly("shared");
    }

    @Test
    void manyRecordsOfOneDatagramAreAllRead() {
        byte[] datagram = join(protect(client, text("one")), protect(client, text("two")), protect(client, text("3")));
        assertThat(received(server, datagram)).containsExactly("one", "two", "3");
    }

    @Test
    void aDatagramAsLongAsIsTakenIsReadAndThoseAfterIt() {
        String full = "x".repeat(1_200);
        byte[] together = new byte[0];
        for (int i = 0; i < 3; i++) {
            byte[] record = protect(client, text(full));
            together = Arrays.copyOf(together, together.length + record.length);
            System.arraycopy(record, 0, together, together.length - record.length, record.length);
        }
        assertThat(together).hasSizeBetween(3_600, RecordLayer.LONGEST_RECORD_BYTES);
        assertThat(received(server, protect(client, text("before")))).containsExactly("before");
        assertThat(received(server, together)).containsExactly(full, full, full);
        assertThat(received(server, protect(client, text("after")))).containsExactly("after");
        assertThat(server.drops()).isEmpty();
    }

    @Test
    void everyChangedBitIsNoticedAndNothingIsLostByIt() {
        byte[] record = protect(client, text("abc"));
        for (int bit = 0; bit < record.length * 8; bit++) {
            byte[] forged = record.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            long before = dropped();
            assertThat(received(server, forged)).as("bit %d", bit).isEmpty();
            assertThat(dropped()).as("bit %d", bit).isGreaterThan(before);
        }
        assertThat(received(server, record)).containsExactly("abc");
    }

    @Test
    void everyTruncationIsDropped() {
        byte[] record = protect(client, text("abc"));
        for (int length = 1; length < record.length; length++) {
            assertThat(received(server, Arrays.copyOf(record, length))).isEmpty();
        }
        assertThat(server.drops()).isEqualTo(Map.of(DtlsDropReason.MALFORMED, record.length - 1L));
    }

    @Test
    void eachBadRecordIsCountedByItsReason() {
        byte[] good = protect(client, text("good"));
        plant(with(good, 0, 24), DtlsDropReason.OTHER_PROTOCOL); // heartbeats were never agreed on
        plant(with(good, 0, 19), DtlsDropReason.OTHER_PROTOCOL);
        plant(with(good, 2, 0xFF), DtlsDropReason.OTHER_PROTOCOL); // DTLS 1.0
        plant(with(good, 4, 0), DtlsDropReason.OTHER_EPOCH);
        plant(with(good, 4, 2), DtlsDropReason.OTHER_EPOCH);
        plant(plainAlert(), DtlsDropReason.OTHER_EPOCH);
        plant(emptyRecord(23), DtlsDropReason.TOO_SHORT);
        plant(new byte[RecordLayer.LONGEST_RECORD_BYTES + 1], DtlsDropReason.TOO_LONG);
        plant(with(good, good.length - 1, good[good.length - 1] ^ 1), DtlsDropReason.NOT_AUTHENTIC);
        assertThat(received(server, good)).containsExactly("good");
        plant(good, DtlsDropReason.REPLAYED);
        plant(sealed(RecordHeader.CHANGE_CIPHER_SPEC, 1), DtlsDropReason.UNEXPECTED);
        plant(sealed(RecordHeader.ALERT, WARNING), DtlsDropReason.UNEXPECTED);
        plant(sealed(RecordHeader.HANDSHAKE, 11), DtlsDropReason.UNEXPECTED);
        assertThat(received(server, protect(client, text("still")))).containsExactly("still");
    }

    private void plant(byte[] datagram, DtlsDropReason reason) {
        long before = server.drops().getOrDefault(reason, 0L);
        long all = dropped();
        assertThat(received(server, datagram)).isEmpty();
        assertThat(server.drops()).containsEntry(reason, before + 1);
        assertThat(dropped()).isEqualTo(all + 1);
    }

    private long dropped() {
        return server.drops().values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void recordsAreTakenInAnyOrderWithinTheWindowAndOnlyOnce() {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i <= ReplayWindow.WINDOW_PACKETS; i++) {
            records.add(protect(client, text("" + i)));
        }
        byte[] first = records.removeFirst();
        Collections.shuffle(records, new Random(3));
        records.forEach(record -> assertThat(received(server, record)).hasSize(1));
        records.forEach(record -> assertThat(received(server, record)).isEmpty());
        assertThat(received(server, first)).isEmpty();

        assertThat(server.drops())
                .isEqualTo(Map.of(
                        DtlsDropReason.REPLAYED, (long) ReplayWindow.WINDOW_PACKETS, DtlsDropReason.TOO_OLD, 1L));
    }

    /// A number far ahead must not close the window before it has proved itself.
    @Test
    void aForgedNumberDoesNotMoveTheWindow() {
        byte[] record = protect(client, text("true"));
        byte[] ahead = record.clone();
        ahead[5] = 0x7F;
        plant(ahead, DtlsDropReason.NOT_AUTHENTIC);
        assertThat(received(server, record)).containsExactly("true");
    }

    @Test
    void anEmptyRecordTellsNothing() {
        assertThat(received(server, sealed(RecordHeader.APPLICATION_DATA))).isEmpty();
        assertThat(server.drops()).isEmpty();
    }

    @Test
    void goodbyesAreAnswered() {
        client.close();
        client.close();
        byte[] goodbye = transmitted(client);
        assertThat(client.protect(text("late"), ByteBuffer.allocate(100))).isFalse();
        assertThat(pollTransmit(client)).isNull();

        assertThat(event(server, goodbye)).isEqualTo(new DtlsEvent.Closed());
        byte[] answer = transmitted(server);
        assertThat(received(new RecordLayer(new RecordReader(SERVER_KEY, SERVER_SALT), clientWriter, null, 0), answer))
                .isEmpty();
        server.close();
        assertThat(pollTransmit(server)).isNull();
        assertThat(event(
                        server,
                        protect(
                                new RecordLayer(new RecordReader(SERVER_KEY, SERVER_SALT), clientWriter, null, 0),
                                text("after"))))
                .isNull();
    }

    @Test
    void aFatalAlertEndsTheAssociationAndIsNamed() {
        assertThat(event(server, sealed(RecordHeader.ALERT, FATAL, 80)))
                .isEqualTo(new DtlsEvent.Failed("the other side ended the DTLS association: internal_error"));
        assertThat(pollTransmit(server)).isNull();
        assertThat(server.protect(text("late"), ByteBuffer.allocate(100))).isFalse();
    }

    @Test
    void otherWarningsChangeNothing() {
        assertThat(event(server, sealed(RecordHeader.ALERT, WARNING, 90))).isNull();
        assertThat(received(server, protect(client, text("on")))).containsExactly("on");
    }

    @Test
    void anotherHandshakeIsRefused() {
        plant(sealed(RecordHeader.HANDSHAKE, 1, 0, 0, 0), DtlsDropReason.RENEGOTIATION);
        byte[] refusal = transmitted(server);
        byte[] plain = new byte[2];
        long number = RecordHeader.number(refusal, 0);
        assertThat(new RecordReader(SERVER_KEY, SERVER_SALT)
                        .open(number, refusal[0], refusal, 13, refusal.length - 13, plain, 0))
                .isEqualTo(2);
        assertThat(refusal[0]).isEqualTo((byte) RecordHeader.ALERT);
        assertThat(plain).containsExactly(WARNING, 100);
        assertThat(received(server, protect(client, text("on")))).containsExactly("on");
    }

    @Test
    void theLastFlightIsSentAgainWithNewNumbersWheneverTheirsIs() {
        protect(server, text("number 0"));
        for (int i = 0; i < 2; i++) {
            assertThat(event(server, sealed(RecordHeader.HANDSHAKE, 20, 0, 0, 12)))
                    .isNull();
            byte[] flight = transmitted(server);

            assertThat(Arrays.copyOf(flight, 14)).containsExactly(20, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 7 + i, 0, 1, 1);
            assertThat(RecordHeader.number(flight, 14)).isEqualTo(RecordWriter.EPOCH | 1 + i);
            byte[] message = new byte[FINISHED.length];
            int length = new RecordReader(SERVER_KEY, SERVER_SALT)
                    .open(RecordHeader.number(flight, 14), flight[14], flight, 27, flight.length - 27, message, 0);
            assertThat(length).isEqualTo(FINISHED.length);
            assertThat(message).isEqualTo(FINISHED);
        }
        assertThat(server.drops()).isEmpty();
    }

    @Test
    void nobodyElseCanAskForTheLastFlight() {
        byte[] theirs = sealed(RecordHeader.HANDSHAKE, 20, 0, 0, 12);
        plant(with(theirs, theirs.length - 1, theirs[theirs.length - 1] ^ 1), DtlsDropReason.NOT_AUTHENTIC);
        assertThat(event(server, theirs)).isNull();
        transmitted(server);
        plant(theirs, DtlsDropReason.REPLAYED);
        assertThat(pollTransmit(server)).isNull();
    }

    @Test
    void theSideWithoutTheLastFlightRepeatsNothing() {
        byte[] repeated = new byte[200];
        int length = new RecordWriter(SERVER_KEY, SERVER_SALT)
                .write(RecordHeader.HANDSHAKE, FINISHED, 0, FINISHED.length, repeated, 0);
        assertThat(event(client, Arrays.copyOf(repeated, length))).isNull();
        assertThat(pollTransmit(client)).isNull();
    }

    @Test
    void whatWaitsIsBoundedAndLeavesRoomForTheGoodbye() {
        for (int i = 0; i < 10 * RecordLayer.MOST_WAITING; i++) {
            client.send(text("" + i));
        }
        client.close();
        List<byte[]> sent = new ArrayList<>();
        for (byte[] next = pollTransmit(client); next != null; next = pollTransmit(client)) {
            sent.add(next);
        }
        assertThat(sent).hasSize(RecordLayer.MOST_WAITING);
        assertThat(event(server, sent.getLast())).isEqualTo(new DtlsEvent.Closed());
    }

    @Test
    void numbersAreNeverUsedTwice() {
        RecordLayer last = new RecordLayer(
                new RecordReader(SERVER_KEY, SERVER_SALT),
                new RecordWriter(CLIENT_KEY, CLIENT_SALT, RecordHeader.LAST_SEQUENCE),
                FINISHED,
                0);
        assertThat(received(server, protect(last, text("the last")))).containsExactly("the last");
        assertThat(last.protect(text("one more"), ByteBuffer.allocate(100))).isFalse();
        last.send(text("one more"));

        assertThat(last.pollEvent())
                .isEqualTo(new DtlsEvent.Failed("the DTLS association has used all its sequence numbers"));
        assertThat(last.pollEvent()).isNull();
        last.close();
        assertThat(pollTransmit(last)).isNull();
    }

    @Test
    void whatDoesNotFitIsTheCallersFault() {
        ByteBuffer small = ByteBuffer.allocate(DtlsEndpoint.OVERHEAD_BYTES + 2);
        assertThatThrownBy(() -> client.protect(text("abc"), small)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.protect(text(""), ByteBuffer.allocate(100)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.send(ByteBuffer.allocate(DtlsEndpoint.MAX_APPLICATION_BYTES + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RecordReader(CLIENT_KEY, new byte[3]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(received(server, protect(client, text("on")))).containsExactly("on");
    }

    /// A record of the client's with any content.
    private byte[] sealed(int type, int... content) {
        byte[] plain = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            plain[i] = (byte) content[i];
        }
        byte[] record = new byte[plain.length + DtlsEndpoint.OVERHEAD_BYTES];
        clientWriter.write(type, plain, 0, plain.length, record, 0);
        return record;
    }

    private static byte[] plainAlert() {
        return new byte[] {21, (byte) 0xFE, (byte) 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, FATAL, 40};
    }

    private static byte[] emptyRecord(int type) {
        byte[] record = new byte[13 + 23];
        RecordHeader.put(record, 0, type, RecordWriter.EPOCH | 40, 23);
        return record;
    }

    private static byte[] with(byte[] record, int at, int value) {
        byte[] changed = record.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static List<String> received(RecordLayer layer, byte[] datagram) {
        layer.handleDatagram(ByteBuffer.wrap(datagram));
        return drain(layer);
    }

    private static List<String> drain(RecordLayer layer) {
        List<String> texts = new ArrayList<>();
        for (DtlsEvent event = layer.pollEvent(); event != null; event = layer.pollEvent()) {
            if (event instanceof DtlsEvent.ApplicationData(ByteBuffer data)) {
                texts.add(StandardCharsets.UTF_8.decode(data).toString());
            }
        }
        assertThat(layer.hasUnread()).isFalse();
        return texts;
    }

    private static @Nullable DtlsEvent event(RecordLayer layer, byte[] datagram) {
        layer.handleDatagram(ByteBuffer.wrap(datagram));
        return layer.pollEvent();
    }

    private static byte[] protect(RecordLayer layer, ByteBuffer data) {
        ByteBuffer into = ByteBuffer.allocate(2_000);
        assertThat(layer.protect(data, into)).isTrue();
        return Arrays.copyOf(into.array(), into.position());
    }

    private static byte @Nullable [] pollTransmit(RecordLayer layer) {
        ByteBuffer into = ByteBuffer.allocate(2_000);
        return layer.pollTransmit(into) ? Arrays.copyOf(into.array(), into.position()) : null;
    }

    private static byte[] transmitted(RecordLayer layer) {
        return Objects.requireNonNull(pollTransmit(layer));
    }

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] finished() {
        byte[] message = filled(24, 0x5A);
        message[0] = 20;
        return message;
    }
}
