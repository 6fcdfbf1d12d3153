// SPDX-License-Identifier: Apache-2.0
/** The hash chain of the audit log: records as lines, their hashes, signed heads, the verifier of a file. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.chain;

import org.jspecify.annotations.NullMarked;
