// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host.identity;

import io.nvremote.lib.pem.Pem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/**
 * A certification request (RFC 2986, PKCS#10) for an EC P-256 key, signed with ECDSA and SHA-256. It proves that we hold the key;
 * everything else in the certificate is the authority's to say, so the subject is a bare common name.
 */
final class SigningRequest {

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OBJECT_ID = 0x06;
    private static final int UTF8 = 0x0C;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int ATTRIBUTES = 0xA0;
    /** id-at-commonName, 2.5.4.3. */
    private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};
    /** ecdsa-with-SHA256, 1.2.840.10045.4.3.2. */
    private static final byte[] ECDSA_SHA256 = {0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x04, 0x03, 0x02};

    private SigningRequest() {}

    /** A new key pair for a request: EC P-256. */
    static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    static String pem(KeyPair keys, String commonName) throws GeneralSecurityException {
        byte[] name = der(
                SEQUENCE,
                der(
                        SET,
                        der(
                                SEQUENCE,
                                der(OBJECT_ID, COMMON_NAME),
                                der(UTF8, commonName.getBytes(StandardCharsets.UTF_8)))));
        byte[] info = der(
                SEQUENCE, der(INTEGER, new byte[] {0}), name, keys.getPublic().getEncoded(), der(ATTRIBUTES));
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(keys.getPrivate());
        signer.update(info);
        byte[] request = der(
                SEQUENCE,
                info,
                der(SEQUENCE, der(OBJECT_ID, ECDSA_SHA256)),
                der(BIT_STRING, new byte[] {0}, signer.sign()));
        return Pem.write("CERTIFICATE REQUEST", request);
    }

    /** One DER value: tag, length, contents one behind the other. */
    private static byte[] der(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] part : contents) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >>> 8);
            out.write(length);
        }
        for (byte[] part : contents) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
