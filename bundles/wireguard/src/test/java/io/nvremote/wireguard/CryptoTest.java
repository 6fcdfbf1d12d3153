// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.tunnel.TunnelError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The primitives against numbers that others published. */
class CryptoTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @Test
    void the_handshake_begins_with_the_published_constants() {
        assertThat(NoiseState.INITIAL_CHAIN)
                .isEqualTo(hex("60e26daef327efc02ec335e2a025d2d016eb4206f87277f52d38d1988b78cd36"));
        assertThat(NoiseState.INITIAL_HASH)
                .isEqualTo(hex("2211b361081ac566691243db458ad5322d9c6c662293e8b70ee19c65ba079ef3"));
    }

    @Test
    void x25519_agrees_with_rfc_7748_and_refuses_small_order() {
        byte[] scalar = hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
        byte[] point = hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");

        assertThat(Curve25519.shared(scalar, point))
                .isEqualTo(hex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
        assertThatThrownBy(() -> Curve25519.shared(scalar, new byte[32]))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(TunnelError.BAD_KEY));
    }

    @Test
    void poly1305_agrees_with_the_hard_vectors_of_rfc_8439() {
        // Appendix A.3, vectors 7 to 11: sums at, just below and just above 2^130 - 5, and a carry into the pad.
        String zeros = "00".repeat(15);
        tag("02" + zeros + "00".repeat(16), "ff".repeat(16), "03" + zeros);
        tag("02" + zeros + "ff".repeat(16), "02" + zeros, "03" + zeros);
        tag("01" + zeros + "00".repeat(16), "ff".repeat(16) + "f0" + "ff".repeat(15) + "11" + zeros, "05" + zeros);
        tag("01" + zeros + "00".repeat(16), "ff".repeat(16) + "fb" + "fe".repeat(15) + "01".repeat(16), "00" + zeros);
        tag("02" + zeros + "00".repeat(16), "fd" + "ff".repeat(15), "fa" + "ff".repeat(15));
    }

    private static void tag(String key, String message, String expected) {
        Poly1305 poly = new Poly1305();
        byte[] tag = new byte[16];
        poly.begin(hex(key));
        poly.padded(hex(message), 0, message.length() / 2);
        poly.end(tag, 0);
        assertThat(HexFormat.of().formatHex(tag)).isEqualTo(expected);
    }

    @Test
    void sealing_agrees_with_the_jdk_for_every_length_and_for_extreme_keys() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 6000; i++) {
            byte[] key = new byte[32];
            random.nextBytes(key);
            byte[] plain = new byte[i % 1500];
            random.nextBytes(plain);
            if (i % 3 == 0) {
                Arrays.fill(plain, (byte) -1);
                Arrays.fill(key, (byte) (i % 2 - 1));
            }
            byte[] data = new byte[random.nextInt(50)];
            random.nextBytes(data);
            byte[] nonce = ByteBuffer.allocate(12)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(4, i)
                    .array();
            Cipher jdk = Cipher.getInstance("ChaCha20-Poly1305");
            jdk.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
            jdk.updateAAD(data);
            byte[] expected = jdk.doFinal(plain);
            byte[] sealed = new byte[plain.length + Aead.TAG];
            assertThat(Aead.sealing(key.clone()).nonce(i).seal(plain, 0, plain.length, data, sealed, 0))
                    .isEqualTo(expected.length);
            assertThat(sealed).isEqualTo(expected);
            byte[] opened = new byte[plain.length];
            Aead opener = Aead.opening(key);
            assertThat(opener.nonce(i).open(sealed, 0, sealed.length, data, opened, 0))
                    .isEqualTo(plain.length);
            assertThat(opened).isEqualTo(plain);
            sealed[random.nextInt(sealed.length)] ^= (byte) (1 << random.nextInt(8));
            byte[] untouched = new byte[plain.length];
            assertThat(opener.nonce(i).open(sealed, 0, sealed.length, data, untouched, 0))
                    .isEqualTo(Aead.FORGED);
            assertThat(untouched).isEqualTo(new byte[plain.length]);
        }
    }

    @Test
    void hchacha_and_xchacha_agree_with_the_draft() {
        assertThat(XChaCha.subkey(counting(32), hex("000000090000004a00000000314159270000000000000000")))
                .isEqualTo(hex("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"));
        byte[] key = new byte[32];
        byte[] nonce = new byte[24];
        for (int i = 0; i < 32; i++) {
            key[i] = (byte) (0x80 + i);
            nonce[i % 24] = (byte) (0x40 + i % 24);
        }
        byte[] plain = ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future,"
                        + " sunscreen would be it.")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] data = hex("50515253c0c1c2c3c4c5c6c7");
        byte[] sealed = XChaCha.seal(key.clone(), nonce, plain, data);
        assertThat(Arrays.copyOf(sealed, 16)).isEqualTo(hex("bd6d179d3e83d43b9576579493c0e939"));
        assertThat(Arrays.copyOfRange(sealed, plain.length, sealed.length))
                .isEqualTo(hex("c0875924c1c7987947deafd8780acf49"));

        byte[] opened = new byte[plain.length];
        assertThat(XChaCha.open(key.clone(), nonce, sealed, data, opened)).isTrue();
        assertThat(opened).isEqualTo(plain);
        sealed[3] ^= 1;
        assertThat(XChaCha.open(key.clone(), nonce, sealed, data, opened)).isFalse();
    }

    @Test
    void a_forged_packet_does_not_use_up_its_counter() {
        Aead sealer = Aead.sealing(counting(32)).nonce(7);
        byte[] sealed = new byte[48];
        int length = sealer.seal(new byte[32], 0, 32, Aead.NO_DATA, sealed, 0);
        byte[] forged = sealed.clone();
        forged[0] ^= 1;
        Aead opener = Aead.opening(counting(32));

        assertThat(opener.nonce(7).open(forged, 0, length, Aead.NO_DATA, new byte[64], 0))
                .isEqualTo(Aead.FORGED);
        assertThat(opener.nonce(7).open(sealed, 0, length, Aead.NO_DATA, new byte[64], 0))
                .isEqualTo(32);
    }

    @Test
    void a_wiped_key_opens_nothing() {
        byte[] key = counting(32);
        Aead aead = Aead.sealing(key);
        aead.nonce(1).seal(new byte[16], 0, 16, Aead.NO_DATA, new byte[64], 0);
        aead.wipe();
        assertThat(key).containsOnly(0);
    }

    @Test
    void the_replay_window_takes_each_counter_once_and_late_ones_too() {
        ReplayWindow window = new ReplayWindow();
        assertThat(window.mark(0)).isTrue();
        assertThat(window.mark(0)).isFalse();
        assertThat(window.mark(5000)).isTrue();
        assertThat(window.mark(4999)).isTrue();
        assertThat(window.mark(1)).isTrue();
        assertThat(window.mark(1)).isFalse();
        assertThat(window.mark(100_000)).isTrue();
        assertThat(window.mark(5001)).as("far behind").isFalse();
        assertThat(window.mark(100_000 - ReplayWindow.SIZE)).as("just outside").isFalse();
        assertThat(window.mark(100_000 - ReplayWindow.SIZE + 1))
                .as("just inside")
                .isTrue();
        for (long counter = 100_001; counter < 130_000; counter++) {
            assertThat(window.mark(counter)).isTrue();
            assertThat(window.mark(counter)).isFalse();
        }
        assertThat(window.isNew(129_000)).isFalse();
        assertThat(window.isNew(131_000)).isTrue();
    }
}
