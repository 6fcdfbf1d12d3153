// SPDX-License-Identifier: Apache-2.0
/**
 * What a session carries. Each {@link io.nvremote.track.TrackFactory} is a service, each {@link io.nvremote.track.Track} one thing in
 * one session, with the {@link io.nvremote.track.TrackSession} as all that it knows of the rest.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.track;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
