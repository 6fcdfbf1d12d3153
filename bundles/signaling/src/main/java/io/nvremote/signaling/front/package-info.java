// SPDX-License-Identifier: Apache-2.0
/**
 * The sockets of {@code /ws/host} and {@code /ws/client}. This bundle only owns sockets; what the messages mean is the business
 * of a {@code SignalHandler}, which may be replaced while the sockets stay open.
 */
@NullMarked
package io.nvremote.signaling.front;

import org.jspecify.annotations.NullMarked;
