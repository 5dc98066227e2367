package dev.nearhand.transport.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The printed vectors of RFC 3711 appendix B and of RFC 7714 sections 16 and 17.
class SrtpVectorsTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] MASTER_KEY = hex("e1f97a0d3e018be0d64fa32c06de4139");
    private static final byte[] MASTER_SALT = hex("0ec675ad498afeebb6960b3aabe6");

    private static final String RTP =
            "8040f17b8041f8d35501a0b2" + "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";
    private static final String SRTP = "8040f17b8041f8d35501a0b2"
            + "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
            + "899d7f27beb16a9152cf765ee4390cce";
    private static final String RTCP = "81c8000d4d617273"
            + "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
    private static final String SRTCP = "81c8000d4d617273"
            + "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
            + "c84aa45896cf4d2fc5abf87245d9eade800005d4";

    @Test
    void derivesTheSessionKeysOfAppendixB3() {
        KeyDerivation keys = new KeyDerivation(MASTER_KEY, MASTER_SALT);

        assertThat(keys.derive(KeyDerivation.RTP_ENCRYPTION, 16)).isEqualTo(hex("c61e7a93744f39ee10734afe3ff7a087"));
        assertThat(keys.derive(KeyDerivation.RTP_SALT, 14)).isEqualTo(hex("30cbbc08863d8c85d49db34a9ae1"));
        assertThat(keys.derive(KeyDerivation.RTP_AUTHENTICATION, 94))
                .isEqualTo(hex("cebe321f6ff7716b6fd4ab49af256a15"
                        + "6d38baa48f0a0acf3c34e2359e6cdbce"
                        + "e049646c43d9327ad175578ef7227098"
                        + "6371c10c9a369ac2f94a8c5fbcdddc25"
                        + "6d6e919a48b610ef17c2041e47403576"
                        + "6b68642c59bbfc2f34db60dbdfb2"));
    }

    @Test
    void makesTheKeystreamOfAppendixB2() {
        byte[] packet = new byte[12 + 0xFF02 * 16 + 10];
        AesCmTransform.SessionKeys keys = new AesCmTransform.SessionKeys(
                hex("2b7e151628aed2a6abf7158809cf4f3c"), hex("f0f1f2f3f4f5f6f7f8f9fafbfcfd"), new byte[20]);

        new AesCmTransform(keys, keys).sealRtp(packet, 0, 12, 12 + 0xFF02 * 16, 0, 0);

        assertThat(block(packet, 0)).isEqualTo("e03ead0935c95e80e166b16dd92b4eb4");
        assertThat(block(packet, 1)).isEqualTo("d23513162b02d0f72a43a2fe4a5f97ab");
        assertThat(block(packet, 2)).isEqualTo("41e95b3bb0a2e8dd477901e4fca894c0");
        assertThat(block(packet, 0xFEFF)).isEqualTo("ec8cdf7398607cb0f2d21675ea9ea1e4");
        assertThat(block(packet, 0xFF00)).isEqualTo("362b7c3c6773516318a077d7fc5073ae");
        assertThat(block(packet, 0xFF01)).isEqualTo("6a2cc3787889374fbeb4c81b17ba6c44");
    }

    /// A packet as libsrtp's own driver has it, under the master key of appendix B.3.
    @Test
    void protectsAsOtherStacksDoWithCounterModeAndHmac() {
        SrtpContext sender = new SrtpContext(SrtpProfile.AES128_CM_HMAC_SHA1_80, MASTER_KEY, MASTER_SALT);
        ByteBuffer rtp = Packets.room("800f1234decafbadcafebabe" + "ab".repeat(16));
        ByteBuffer rtcp = Packets.room("81c8000bcafebabe" + "ab".repeat(16));

        assertThat(sender.protectRtp(rtp)).isTrue();
        assertThat(sender.protectRtcp(rtcp)).isTrue();

        assertThat(Packets.hex(rtp))
                .isEqualTo("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
        assertThat(Packets.hex(rtcp))
                .isEqualTo("81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798");
    }

    @Test
    void protectsThePacketOfRfc7714Section16() {
        ByteBuffer packet = Packets.room(RTP);

        assertThat(gcm().protectRtp(packet)).isTrue();

        assertThat(Packets.hex(packet)).isEqualTo(SRTP);
    }

    @Test
    void unprotectsThePacketOfRfc7714Section16() {
        ByteBuffer packet = Packets.room(SRTP);

        assertThat(gcm().unprotectRtp(packet)).isNull();

        assertThat(Packets.hex(packet)).isEqualTo(RTP);
    }

    @Test
    void protectsThePacketOfRfc7714Section17() {
        byte[] packet = Arrays.copyOf(hex(RTCP), 72);

        int length = gcmTransform().sealRtcp(packet, 0, 52, 0x4d617273, 0x5d4);

        assertThat(length).isEqualTo(72);
        assertThat(HEX.formatHex(packet)).isEqualTo(SRTCP);
    }

    @Test
    void unprotectsThePacketOfRfc7714Section17() {
        ByteBuffer packet = Packets.room(SRTCP);

        assertThat(gcm().unprotectRtcp(packet)).isNull();

        assertThat(Packets.hex(packet)).isEqualTo(RTCP);
    }

    @Test
    void checksThePacketOfRfc7714Section17ThatIsOnlyTagged() {
        ByteBuffer packet = Packets.room(RTCP + "841dd9683dd78ec92ae58790125f62b3" + "000005d4");

        assertThat(gcm().unprotectRtcp(packet)).isNull();

        assertThat(Packets.hex(packet)).isEqualTo(RTCP);
    }

    private static SrtpContext gcm() {
        return new SrtpContext(SrtpProfile.AEAD_AES_128_GCM, gcmTransform());
    }

    /// The RFC prints session keys, not a master key.
    private static AesGcmTransform gcmTransform() {
        byte[] key = hex("000102030405060708090a0b0c0d0e0f");
        byte[] salt = hex("517569642070726f2071756f");
        return new AesGcmTransform(key, salt, key, salt);
    }

    private static String block(byte[] packet, int block) {
        return HEX.formatHex(packet, 12 + block * 16, 28 + block * 16);
    }

    private static byte[] hex(String digits) {
        return HEX.parseHex(digits);
    }
}
