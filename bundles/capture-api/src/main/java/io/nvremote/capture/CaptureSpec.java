// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture;

import io.nvremote.core.FrameRate;
import io.nvremote.media.Size;

/**
 * What is wanted of a source.
 *
 * @param display which screen, in the source's own words ({@code :99} on X11), or which output of it ({@code :99/DP-1}); empty for
 *     the source's default. See {@link io.nvremote.core.DisplayName}
 * @param size wanted size; a source of a real screen delivers the screen's own
 * @param rate the highest rate at which pictures are wanted; a source may exceed it by a sixteenth
 */
public record CaptureSpec(String display, Size size, FrameRate rate) {}
