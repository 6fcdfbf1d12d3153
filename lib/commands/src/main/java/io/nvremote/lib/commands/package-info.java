// SPDX-License-Identifier: Apache-2.0
/** A runtime's socket for the command line of its owner. */
@NullMarked
package io.nvremote.lib.commands;

import org.jspecify.annotations.NullMarked;
