// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

/**
 * A codec that somebody can decode.
 *
 * @param largest pictures up to this size, in both directions
 * @param hardware whether a device does the work, so that it costs no CPU
 */
public record DecoderCapability(Codec codec, Size largest, boolean hardware) {

    public boolean takes(Size size) {
        return size.width() <= largest.width() && size.height() <= largest.height();
    }
}
