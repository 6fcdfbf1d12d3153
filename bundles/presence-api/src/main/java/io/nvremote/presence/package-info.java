// SPDX-License-Identifier: Apache-2.0
/**
 * Who is connected where, over all control planes, and how to reach them.
 *
 * <p>A socket that has shown who it is gets a {@link io.nvremote.presence.Lease} with a connection epoch. A host has one
 * lease at a time, the newest; a user may have many. The lease ends with its socket. What is said to a
 * {@link io.nvremote.presence.Audience} reaches every socket of it, wherever it is open.
 *
 * <pre>{@code
 * Lease lease = presence.attach(socket, new Holder.Host(org, host, serial)); // may displace another
 * presence.send(new Audience.User(user), update);
 * try (PendingAnswers.Question asked = answers.ask(session, host)) {
 *     presence.send(new Audience.Host(host), offer);
 *     Signal.SessionAnswer answer = asked.await(Duration.ofSeconds(8));
 * }
 * }</pre>
 *
 * <p>{@link io.nvremote.presence.SingleUseValues} are put at one control plane and taken once, at any.
 *
 * <p>Nothing here is the truth of record: a control plane that loses its presence has lost nothing but time.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.presence;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
