// SPDX-License-Identifier: Apache-2.0
/** The operator's commands to a running control plane. */
@NullMarked
package io.nvremote.operator;

import org.jspecify.annotations.NullMarked;
