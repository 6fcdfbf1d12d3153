// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

/** The token signing key (ES256) as a JWK file that only its owner can read. */
final class TokenKeyFile {

    static final String NAME = "token-signing-key.json";

    private TokenKeyFile() {}

    /** Reads the key of this folder, or makes it. Refuses a key that others can read. */
    static ECKey loadOrCreate(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            StateFiles.ownerFolder(folder);
            return Files.exists(file) ? load(file) : create(file);
        } catch (IOException | ParseException | JOSEException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    "the token signing key " + file + " can't be read or made: " + e.getMessage(),
                    e);
        }
    }

    private static ECKey load(Path file) throws IOException, ParseException {
        if (StateFiles.othersCanUse(file)) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    "the token signing key " + file
                            + " can be read by others: chmod 600 it, and delete it if somebody may have");
        }
        ECKey key = ECKey.parse(Files.readString(file));
        if (!Curve.P_256.equals(key.getCurve()) || !key.isPrivate() || key.getKeyID() == null) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    "the token signing key " + file + " is not a private P-256 key with a kid");
        }
        return key;
    }

    private static ECKey create(Path file) throws IOException, JOSEException {
        ECKey key = new ECKeyGenerator(Curve.P_256)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .keyIDFromThumbprint(true)
                .generate();
        StateFiles.write(file, key.toJSONString(), Readers.OWNER);
        return key;
    }
}
