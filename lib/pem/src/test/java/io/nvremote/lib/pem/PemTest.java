// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {

    @Test
    void what_is_written_is_read_whatever_its_length() throws Exception {
        Random random = new Random(1);
        for (int length = 0; length < 200; length++) {
            byte[] der = new byte[length];
            random.nextBytes(der);
            String text = Pem.write("THING", der);
            assertThat(text.lines()).allMatch(line -> line.length() <= 64);
            assertThat(Pem.read("THING", "before\n" + text + text)).containsExactly(der, der);
            assertThat(Pem.read("OTHER THING", text)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "Ed25519", "RSA"})
    void keys_of_every_kind_are_read(String algorithm) throws Exception {
        PrivateKey key =
                KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
        assertThat(Pem.privateKey(Pem.write("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nA=A=\n-----END PRIVATE KEY-----\n",
                "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
            })
    void what_is_no_key_and_no_certificate_is_refused(String text) {
        assertThatThrownBy(() -> Pem.privateKey(text)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(GeneralSecurityException.class);
    }
}
