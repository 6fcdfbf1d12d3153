// SPDX-License-Identifier: Apache-2.0
/**
 * The role of a host: it keeps a link to the control plane, answers offers, and composes each session of a tunnel, a control channel and
 * tracks. The host's own tracks are here too, each behind its factory, which holds the services that the track works with: what they
 * have in common is {@link io.nvremote.lib.plugins.PhaseIn} alone.
 */
@NullMarked
package io.nvremote.host;

import org.jspecify.annotations.NullMarked;
