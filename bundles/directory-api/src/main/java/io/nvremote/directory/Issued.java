// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import java.math.BigInteger;
import java.time.Instant;

/** A certificate made for somebody else's key. {@code certificatePem} is the leaf, then those between it and the root. */
public record Issued(BigInteger serial, String certificatePem, Instant notBefore, Instant notAfter) {}
