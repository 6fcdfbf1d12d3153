// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;

/**
 * What both ends agree on before a stream begins. The codec is no part of it: each unit says its own.
 *
 * @param ssrc synchronisation source of the video (RFC 3550 section 8); that of its retransmissions is {@code ssrc + 1}
 * @param payloadBytes the largest RTP packet, header included, that may ever fit the path
 * @param rate for pacing
 * @param bitrate for pacing
 */
public record VideoSpec(int ssrc, int payloadBytes, FrameRate rate, Bitrate bitrate) {}
