// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.HostId;
import io.nvremote.core.StreamException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/**
 * The one file that keeps a host's identity: PEM blocks of key, chain and authority, with the host's id in a line before them.
 * Readable by its owner only, written whole or not at all.
 */
record IdentityFile(Path file) {

    private static final String ID = "host_id ";
    private static final String AUTHORITY = "authority";

    Optional<Identity> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            int split = text.indexOf("\n" + AUTHORITY + "\n");
            List<byte[]> keys = Pem.read("PRIVATE KEY", text);
            if (!text.startsWith(ID) || split < 0 || keys.size() != 1) {
                throw new GeneralSecurityException("the file lacks its id, key or authority");
            }
            Identity identity = new Identity(
                    HostId.of(text.substring(ID.length(), text.indexOf('\n'))),
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(keys.getFirst())),
                    Pem.certificates(onlyCertificates(text.substring(0, split))),
                    Pem.certificates(onlyCertificates(text.substring(split))));
            if (identity.chain().isEmpty() || identity.authority().isEmpty()) {
                throw new GeneralSecurityException("the file lacks a certificate");
            }
            return Optional.of(identity);
        } catch (IOException | GeneralSecurityException | StreamException e) {
            throw new StreamException(
                    HostError.IDENTITY_DAMAGED, "the identity in " + file + " can't be read: " + e.getMessage(), e);
        }
    }

    void write(Identity identity) throws IOException, GeneralSecurityException {
        StringBuilder text = new StringBuilder(ID).append(identity.host()).append('\n');
        text.append(Pem.write("PRIVATE KEY", identity.key().getEncoded()));
        for (var certificate : identity.chain()) {
            text.append(Pem.write("CERTIFICATE", certificate.getEncoded()));
        }
        text.append(AUTHORITY).append('\n');
        for (var certificate : identity.authority()) {
            text.append(Pem.write("CERTIFICATE", certificate.getEncoded()));
        }
        OwnerOnly.write(file, text.toString());
    }

    private static String onlyCertificates(String text) throws GeneralSecurityException {
        StringBuilder blocks = new StringBuilder();
        for (byte[] der : Pem.read("CERTIFICATE", text)) {
            blocks.append(Pem.write("CERTIFICATE", der));
        }
        return blocks.toString();
    }
}
