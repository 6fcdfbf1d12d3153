// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.Secret;
import java.time.Instant;

/**
 * A certificate and its key.
 *
 * @param privateKeyPem PKCS#8; belongs in memory or in a file that only its owner can read
 * @param certificatePem the leaf, then those between it and the root
 * @param caPem the root
 */
public record Credentials(Secret privateKeyPem, String certificatePem, String caPem, Instant notAfter) {}
