// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;

/** What one stream asks of an encoder. Frames are handed over in the capturer's format; the encoder converts. */
public record EncodeSpec(Codec codec, Size size, FrameRate rate, Bitrate bitrate) {}
