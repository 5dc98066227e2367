package dev.nearhand.app.session.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.nearhand.app.json.Decoded;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ControlProtocolTest {
    private static Decoded<ControlMessage> decode(String json) {
        return ControlProtocol.decodeAtHost(ByteBuffer.wrap(json.getBytes(UTF_8)));
    }

    @Property
    void readsWhatItWrote(@ForAll("messages") ControlMessage message) {
        byte[] bytes = ControlProtocol.encode(message).getBytes(UTF_8);

        assertThat(ControlProtocol.decodeAtViewer(ByteBuffer.wrap(bytes))).isEqualTo(new Decoded.Message<>(message));
    }

    @Property
    void everyTruncationIsMalformedAndNothingThrows(@ForAll("messages") ControlMessage message, @ForAll int cut) {
        byte[] bytes = ControlProtocol.encode(message).getBytes(UTF_8);
        int length = Math.floorMod(cut, bytes.length);

        assertThat(ControlProtocol.decodeAtViewer(ByteBuffer.wrap(bytes, 0, length)))
                .isInstanceOf(Decoded.Malformed.class);
    }

    @Property
    void flippedBitsNeverThrow(@ForAll("messages") ControlMessage message, @ForAll int where) {
        byte[] bytes = ControlProtocol.encode(message).getBytes(UTF_8);
        int bit = Math.floorMod(where, bytes.length * 8);
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));

        assertThatCode(() -> ControlProtocol.decodeAtViewer(ByteBuffer.wrap(bytes)))
                .doesNotThrowAnyException();
    }

    @Property
    void garbageIsMalformed(@ForAll byte[] garbage) {
        assertThat(ControlProtocol.decodeAtHost(ByteBuffer.wrap(garbage))).isInstanceOf(Decoded.Malformed.class);
    }

    @Example
    void aTypeOfALaterVersionIsUnknownAndNotAnError() {
        assertThat(decode("{\"type\":\"clipboard\",\"text\":\"x\"}")).isEqualTo(new Decoded.Unknown<>());
    }

    @Example
    void aMemberOfALaterVersionIsIgnored() {
        assertThat(decode("{\"type\":\"key\",\"code\":\"KeyA\",\"down\":true,\"repeat\":false}"))
                .isEqualTo(new Decoded.Message<>(new ControlMessage.Key("KeyA", true)));
    }

    @Example
    void whatIsMissingOrOfAnotherKindIsMalformed() {
        for (String json : List.of(
                "",
                "null",
                "[]",
                "{}",
                "\"key\"",
                "{\"type\":1}",
                "{\"type\":null}",
                "{\"type\":\"key\"}",
                "{\"type\":\"key\",\"code\":\"KeyA\"}",
                "{\"type\":\"key\",\"code\":null,\"down\":true}",
                "{\"type\":\"key\",\"code\":7,\"down\":true}",
                "{\"type\":\"key\",\"code\":\"KeyA\",\"down\":\"true\"}",
                "{\"type\":\"key\",\"code\":\"KeyA\",\"down\":1}",
                "{\"type\":\"key\",\"code\":\"../../x\",\"down\":true}",
                "{\"type\":\"key\",\"code\":\"KeyA\",\"down\":true,\"down\":false}",
                "{\"type\":\"key\",\"code\":\"KeyA\",\"down\":true} x",
                "{\"type\":\"pointer\",\"seq\":1,\"x\":1.5,\"y\":2}",
                "{\"type\":\"pointer\",\"seq\":1,\"x\":\"1\",\"y\":2}",
                "{\"type\":\"pointer\",\"seq\":-1,\"x\":1,\"y\":2}",
                "{\"type\":\"pointer\",\"seq\":1,\"x\":99999999999,\"y\":2}",
                "{\"type\":\"button\",\"seq\":1,\"x\":1,\"y\":2,\"button\":6,\"down\":true}",
                "{\"type\":\"wheel\",\"seq\":1,\"x\":1,\"y\":2,\"dx\":0,\"dy\":1e999}",
                "{\"type\":\"wheel\",\"seq\":1,\"x\":1,\"y\":2,\"dx\":0,\"dy\":NaN}",
                "{\"type\":\"screen\",\"width\":0,\"height\":1,\"monitors\":[]}",
                "{\"type\":\"hello\",\"version\":1,\"name\":\"x\",\"capabilities\":[null]}",
                "{\"type\":\"text\",\"text\":\"" + "x".repeat(4097) + "\"}",
                "{\"type\":\"cursorShape\",\"width\":2,\"height\":2,\"hotspotX\":0,\"hotspotY\":0,\"pixels\":\"AAAA\"}",
                "[".repeat(2000),
                "{\"type\":" + "9".repeat(1000) + "}")) {
            assertThat(decode(json)).as(json).isInstanceOf(Decoded.Malformed.class);
        }
    }

    @Example
    void malformedUtf8IsMalformed() {
        byte[] bytes = "{\"type\":\"text\",\"text\":\"\u00fc\"}".getBytes(UTF_8);
        bytes[bytes.length - 3] = (byte) 0xff;

        assertThat(ControlProtocol.decodeAtHost(ByteBuffer.wrap(bytes))).isInstanceOf(Decoded.Malformed.class);
    }

    @Example
    void aMessageBeyondTheLimitIsNotEvenRead() {
        byte[] bytes = new byte[ControlProtocol.TO_HOST_LIMIT_BYTES + 1];

        assertThat(ControlProtocol.decodeAtHost(ByteBuffer.wrap(bytes)))
                .isEqualTo(new Decoded.Malformed<>("longer than 32768 bytes"));
    }

    @Example
    void theLargestCursorFits() {
        int side = ControlMessage.CursorShape.SIDE_LIMIT;
        ControlMessage shape = new ControlMessage.CursorShape(side, side, 0, 0, new byte[side * side * 4]);

        assertThat(ControlProtocol.encode(shape).length()).isLessThan(ControlProtocol.TO_VIEWER_LIMIT_BYTES);
    }

    @Example
    void theLargestTextFitsEvenWhenEveryCharacterIsEscaped() {
        ControlMessage text = new ControlMessage.Text("\u0001".repeat(ControlMessage.Text.LENGTH_LIMIT));

        assertThat(ControlProtocol.encode(text).length()).isLessThan(ControlProtocol.TO_HOST_LIMIT_BYTES);
    }

    @Example
    void whatAPersonTypedIsNotInTheDescription() {
        assertThat(new ControlMessage.Text("secret").toString()).doesNotContain("secret");
    }

    @Provide
    Arbitrary<ControlMessage> messages() {
        Arbitrary<Long> seq = Arbitraries.longs().between(0, ControlMessage.SEQUENCE_LIMIT);
        Arbitrary<Integer> place = Arbitraries.integers().between(-(1 << 17), 1 << 17);
        Arbitrary<Integer> side = Arbitraries.integers().between(1, ControlMessage.SIDE_LIMIT);
        Arbitrary<Boolean> yes = Arbitraries.of(true, false);
        Arbitrary<String> word = Arbitraries.strings().ofMaxLength(60);
        Arbitrary<Double> notch = Arbitraries.doubles().between(-100, 100);
        Arbitrary<Double> millis = Arbitraries.doubles().between(0, 9_999);
        Arbitrary<ControlMessage.ScreenMonitor> monitor =
                Combinators.combine(word, place, place, side, side, yes, yes).as(ControlMessage.ScreenMonitor::new);
        return Arbitraries.oneOf(
                Combinators.combine(
                                Arbitraries.integers().between(1, 9),
                                word,
                                word.list().ofMaxSize(5))
                        .as(ControlMessage.Hello::new),
                Combinators.combine(side, side, monitor.list().ofMaxSize(4)).as(ControlMessage.Screen::new),
                Combinators.combine(yes, word).as(ControlMessage.Permission::new),
                Combinators.combine(
                                Arbitraries.integers().between(1, 8),
                                Arbitraries.integers().between(1, 8))
                        .flatAs((w, h) -> Arbitraries.bytes()
                                .array(byte[].class)
                                .ofSize(w * h * 4)
                                .map(pixels -> new ControlMessage.CursorShape(w, h, 0, h, pixels))),
                Combinators.combine(seq, place, place, yes).as(ControlMessage.CursorPosition::new),
                Combinators.combine(millis, millis, millis).as(ControlMessage.HostStats::new),
                Combinators.combine(seq, place, place).as(ControlMessage.Pointer::new),
                Combinators.combine(seq, place, place, Arbitraries.integers().between(1, 5), yes)
                        .as(ControlMessage.Button::new),
                Combinators.combine(seq, place, place, notch, notch).as(ControlMessage.Wheel::new),
                Combinators.combine(Arbitraries.of("KeyA", "ShiftLeft", "Digit1"), yes)
                        .as(ControlMessage.Key::new),
                word.map(ControlMessage.Text::new),
                Arbitraries.of(new ControlMessage.ReleaseAll(), new ControlMessage.Holding()),
                seq.map(ControlMessage.Ping::new),
                seq.map(ControlMessage.Pong::new),
                word.map(ControlMessage.Bye::new));
    }
}
