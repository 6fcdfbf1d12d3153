// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host.identity;

import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.identity.IdentityError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the bootstrap token is kept: a file or an environment variable, never the configuration itself. */
record TokenSource(@Nullable Path file, String variable) {

    /** @throws StreamException {@link IdentityError#ENROLMENT_IMPOSSIBLE} if there is none */
    Secret read() {
        String text = "";
        if (file != null) {
            try {
                text = Files.readString(file, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new StreamException(
                        IdentityError.ENROLMENT_IMPOSSIBLE, "the bootstrap token in " + file + " can't be read", e);
            }
        } else if (!variable.isBlank() && System.getenv(variable) != null) {
            text = System.getenv(variable);
        }
        if (text.isBlank()) {
            throw new StreamException(
                    IdentityError.ENROLMENT_IMPOSSIBLE, "this host is not enrolled and has no bootstrap token");
        }
        return new Secret(text.strip());
    }
}
