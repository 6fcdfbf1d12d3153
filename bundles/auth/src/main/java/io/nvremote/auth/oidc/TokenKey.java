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
import io.nvremote.keys.SharedKeys;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;

/** The token signing key (ES256), kept as a JWK. */
final class TokenKey {

    static final String NAME = "token-signing-key.json";

    private TokenKey() {}

    /** The control plane's key, made if there is none. */
    static ECKey of(SharedKeys keys) {
        String text = new String(keys.key(NAME, TokenKey::made), StandardCharsets.UTF_8);
        try {
            ECKey key = ECKey.parse(text);
            if (Curve.P_256.equals(key.getCurve()) && key.isPrivate() && key.getKeyID() != null) {
                return key;
            }
        } catch (ParseException e) {
            // Falls through without it: the reader's message would show what it read.
        }
        throw new StreamException(
                CoreError.INVALID_CONFIGURATION,
                keys.origin(NAME) + " is not a private P-256 key with a kid, as a JWK");
    }

    private static byte[] made() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate()
                    .toJSONString()
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JOSEException e) {
            throw new IllegalStateException("this JDK has no ES256", e);
        }
    }
}
