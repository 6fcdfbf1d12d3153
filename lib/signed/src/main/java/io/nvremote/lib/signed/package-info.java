// SPDX-License-Identifier: Apache-2.0
/** Jars whose every byte is vouched for by a signer that is trusted here. */
@NullMarked
package io.nvremote.lib.signed;

import org.jspecify.annotations.NullMarked;
