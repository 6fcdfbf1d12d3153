// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import java.time.Duration;

/**
 * How long a decoder may take before it counts as hanging.
 *
 * @param hang over one unit
 * @param open over opening a session
 */
record DecodeLimits(Duration hang, Duration open) {}
