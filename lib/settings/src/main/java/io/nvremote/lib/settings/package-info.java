// SPDX-License-Identifier: Apache-2.0
/** Reads settings: every refusal names the configuration, the key, the value and the rule. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.settings;

import org.jspecify.annotations.NullMarked;
