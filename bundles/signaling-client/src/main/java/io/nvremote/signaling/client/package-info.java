// SPDX-License-Identifier: Apache-2.0
/** The peer's end of a WebSocket channel (RFC 6455), on the JDK's own client: dial, watch, back off, dial again. */
@NullMarked
package io.nvremote.signaling.client;

import org.jspecify.annotations.NullMarked;
