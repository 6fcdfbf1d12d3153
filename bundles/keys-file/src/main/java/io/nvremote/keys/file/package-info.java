// SPDX-License-Identifier: Apache-2.0
/** Certificates and keys from files that are read again when they change. */
@NullMarked
package io.nvremote.keys.file;

import org.jspecify.annotations.NullMarked;
