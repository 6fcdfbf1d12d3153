// SPDX-License-Identifier: Apache-2.0
/**
 * The one owner of FFmpeg's process-wide state. Bundles that use FFmpeg come and go; its libraries and its log callback
 * stay, so neither may belong to such a bundle.
 */
@NullMarked
package io.nvremote.wrap.ffmpeg;

import org.jspecify.annotations.NullMarked;
