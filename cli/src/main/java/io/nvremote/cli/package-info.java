// SPDX-License-Identifier: Apache-2.0
/** The command-line front door: starts runtimes as processes, talks to a running host agent, looks at the machine. */
@NullMarked
package io.nvremote.cli;

import org.jspecify.annotations.NullMarked;
