// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelPublicKeyTest {

    private static final String KEY = "+/ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static void refused(String text, String rule) {
        assertThatThrownBy(() -> TunnelPublicKey.parse(text))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CoreError.INVALID_VALUE))
                .hasMessage("a public key " + rule);
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest
    @CsvSource({
        "0000000000000000000000000000000000000000000000000000000000000000, is a point of low order",
        "0100000000000000000000000000000000000000000000000000000000000000, is a point of low order",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800, is a point of low order",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157, is a point of low order",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, is a point of low order",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, is not in its one form below 2^255 - 19",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, is not in its one form below 2^255 - 19",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, is not in its one form below 2^255 - 19",
        "0000000000000000000000000000000000000000000000000000000000000080, is not in its one form below 2^255 - 19",
        "0900000000000000000000000000000000000000000000000000000000000080, is not in its one form below 2^255 - 19",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880, is not in its one form below 2^255 - 19",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff, is not in its one form below 2^255 - 19"
    })
    void points_of_low_order_and_points_in_another_form_are_refused(String hex, String rule) {
        refused(base64(hex), rule.replace("form below", "form, below"));
        assertThatThrownBy(() -> TunnelPublicKey.of(HexFormat.of().parseHex(hex)))
                .isInstanceOf(StreamException.class);
    }

    /** The list is not only copied: the JDK's own X25519 finds no secret with any of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "325606250916557431795983626356110631294008115727848805560023387167927233504",
                "39382357235489614581723060781553021112529911719440698176882885853963445705823"
            })
    void what_the_list_calls_low_order_gives_no_secret(String u) throws Exception {
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate());
        var point = KeyFactory.getInstance("X25519")
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(u)));
        assertThatThrownBy(() -> {
                    agreement.doPhase(point, true);
                    agreement.generateSecret();
                })
                .isInstanceOf(GeneralSecurityException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?",
                "not base64 at all, but of forty-four letters",
                " +/ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "+/ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= ",
                "+/ECAwQFBgcICQoLDA0O\nDxAREhMUFRYXGBkaGxwdHh8=",
                "-_ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", // the URL alphabet of RFC 4648 section 5
                "+/ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=="
            })
    void what_is_not_base64_is_refused(String text) {
        refused(text, "is not base64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAAA",
                "+/ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", // no padding
                "+/ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=", // bits that no byte has
                "+/ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", // 31 bytes
                "+/ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g" // 33 bytes
            })
    void other_lengths_and_other_texts_of_the_same_bytes_are_refused(String text) {
        refused(text, "is not the base64 of 32 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void bytes_are_32(int length) {
        assertThatThrownBy(() -> TunnelPublicKey.of(new byte[length])).isInstanceOf(StreamException.class);
    }

    @Test
    void a_refusal_does_not_repeat_the_text() {
        for (String text : new String[] {"hunter2!", "hunter22", "hunter2"}) {
            assertThatThrownBy(() -> TunnelPublicKey.parse(text))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
        }
    }

    @Test
    void keys_are_equal_by_their_bytes_and_written_as_they_are_read() {
        TunnelPublicKey key = TunnelPublicKey.parse(KEY);
        assertThat(key).hasToString(KEY);
        assertThat(TunnelPublicKey.of(key.bytes())).isEqualTo(key).hasSameHashCodeAs(key);
        byte[] other = key.bytes();
        other[0]++;
        assertThat(TunnelPublicKey.of(other)).isNotEqualTo(key);
        assertThat(key).isNotEqualTo(KEY);
    }

    @Test
    void nobody_changes_a_key_through_its_bytes() {
        byte[] bytes = TunnelPublicKey.parse(KEY).bytes();
        TunnelPublicKey key = TunnelPublicKey.of(bytes);
        bytes[0]++;
        key.bytes()[1]++;
        assertThat(key).hasToString(KEY);
    }

    @Test
    void keys_that_the_jdk_makes_are_taken() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("X25519");
        for (int i = 0; i < 200; i++) {
            byte[] big = ((XECPublicKey) generator.generateKeyPair().getPublic())
                    .getU()
                    .toByteArray();
            byte[] little = new byte[32];
            for (int j = 0; j < Math.min(32, big.length); j++) {
                little[j] = big[big.length - 1 - j];
            }
            assertThat(TunnelPublicKey.of(little).bytes()).isEqualTo(little);
        }
    }

    @Test
    void a_gateway_s_key_is_any_32_bytes_and_may_be_a_tunnel_s() {
        String hash = base64("ff".repeat(32));
        assertThat(GatewayKey.parse(hash))
                .hasToString(hash)
                .isEqualTo(GatewayKey.of(HexFormat.of().parseHex("ff".repeat(32))));
        assertThat(GatewayKey.parse(KEY).is(TunnelPublicKey.parse(KEY))).isTrue();
        assertThat(GatewayKey.parse(hash).is(TunnelPublicKey.parse(KEY))).isFalse();
        for (String text : new String[] {"", "?", KEY.substring(4), KEY.replace('+', '-'), KEY + "AAAA"}) {
            assertThatThrownBy(() -> GatewayKey.parse(text))
                    .isInstanceOf(StreamException.class)
                    .hasMessageStartingWith("a gateway's key is not ");
        }
    }
}
