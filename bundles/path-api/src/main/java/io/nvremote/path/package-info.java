// SPDX-License-Identifier: Apache-2.0
/**
 * Which way the datagrams of a tunnel take: through the relay first, then the best direct way, and back when that goes
 * silent. It stands beside the tunnel's engine, so that every provider of {@code io.nvremote.tunnel} gets the same paths.
 *
 * <p>A provider opens a {@link io.nvremote.path.PathSelection} for each session, shows it what arrives at its socket, and
 * asks where the next datagram goes. The selection has no socket, no thread and no clock.
 *
 * <pre>
 * PathSelection paths = provider.open(PathSpec.of(spec), secret, socket, listener, now);
 * if (paths.received(datagram, length, from, now) == PathSelection.Intake.NOT_MINE) {
 *     engine.received(datagram, length, from, now); // and paths.authentic(from, now) once it proved to be
 * }
 * socket.send(sealed, length, paths.live());
 * </pre>
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.path;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
