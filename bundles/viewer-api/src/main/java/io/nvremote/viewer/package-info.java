// SPDX-License-Identifier: Apache-2.0
/**
 * The client as its views see it: who is signed in, which hosts there are, and the one session with its parts.
 *
 * <p>A view is whatever shows a session: the page, the run without one. It takes the service {@link
 * io.nvremote.viewer.Viewer} and hands over a {@link io.nvremote.viewer.StreamView} when it connects.
 *
 * <pre>{@code
 * ViewerSession session = viewer.connect(host, view);      // view.unit(…) from now on
 * session.part(InputSender.class).ifPresent(input -> input.send(new InputEvent.Key(4, true)));
 * viewer.disconnect(Viewer.BY_USER);
 * }</pre>
 *
 * <p>Knows neither pages nor decoders: what a session is made of is found by kind, so that a new kind changes nothing here.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.viewer;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
