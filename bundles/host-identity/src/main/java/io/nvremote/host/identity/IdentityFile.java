// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host.identity;

import io.nvremote.core.HostId;
import io.nvremote.core.StreamException;
import io.nvremote.identity.IdentityError;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import io.nvremote.lib.pem.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Objects;
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
            if (!text.startsWith(ID) || split < 0) {
                throw new GeneralSecurityException("the file lacks its id or authority");
            }
            Identity identity = new Identity(
                    HostId.of(text.substring(ID.length(), text.indexOf('\n'))),
                    Pem.privateKey(text),
                    Pem.certificates(text.substring(0, split)),
                    Pem.certificates(text.substring(split)));
            return Optional.of(identity);
        } catch (IOException | GeneralSecurityException | StreamException e) {
            throw new StreamException(
                    IdentityError.IDENTITY_DAMAGED, "the identity in " + file + " can't be read: " + e.getMessage(), e);
        }
    }

    void write(Identity identity) throws IOException, GeneralSecurityException {
        StateFiles.ownerFolder(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        StringBuilder text = new StringBuilder(ID).append(identity.host()).append('\n');
        text.append(Pem.write("PRIVATE KEY", identity.key().getEncoded()));
        for (var certificate : identity.chain()) {
            text.append(Pem.write("CERTIFICATE", certificate.getEncoded()));
        }
        text.append(AUTHORITY).append('\n');
        for (var certificate : identity.authority()) {
            text.append(Pem.write("CERTIFICATE", certificate.getEncoded()));
        }
        StateFiles.write(file, text.toString(), Readers.OWNER);
    }
}
