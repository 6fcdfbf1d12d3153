// SPDX-License-Identifier: Apache-2.0
/**
 * Media over datagrams: video one way, feedback the other, and a reliable ordered control channel both ways.
 *
 * <p>The transport knows no sockets: it sends through a {@link io.nvremote.transport.DatagramSender} and is handed what
 * arrives. Video is RTP with RTCP on the same port (RFC 5761); control is a port of its own.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.transport;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
