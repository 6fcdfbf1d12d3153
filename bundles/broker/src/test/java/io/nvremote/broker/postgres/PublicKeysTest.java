// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.broker.BrokerError;
import io.nvremote.core.StreamException;
import java.math.BigInteger;
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
import org.junit.jupiter.params.provider.ValueSource;

class PublicKeysTest {

    private static void refused(String key) {
        assertThatThrownBy(() -> PublicKeys.check(key))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(BrokerError.KEY_REFUSED));
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    /** Low order, and each point below the bit or the prime in another form; little-endian. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "0900000000000000000000000000000000000000000000000000000000000080",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void points_of_low_order_and_points_in_another_form_are_refused(String hex) {
        refused(base64(hex));
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
                .isInstanceOf(java.security.GeneralSecurityException.class);
    }

    @Test
    void other_texts_of_the_same_bytes_are_refused() {
        String key = Base64.getEncoder().encodeToString(new byte[] {
            9, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5
        });
        PublicKeys.check(key);
        refused(key.substring(0, 42) + (char) (key.charAt(42) + 1) + "="); // bits that no byte has
        refused(key.substring(0, 43));
        refused(" " + key);
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
            PublicKeys.check(Base64.getEncoder().encodeToString(little));
        }
    }
}
