// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

/**
 * How much of a picture's colour is coded. An open set.
 *
 * @param chroma {@code 4:2:0}, {@code 4:4:4}
 * @param depth bits of a sample
 */
public record Sampling(String chroma, int depth) {

    /** What every decoder takes. */
    public static final Sampling YUV420_8 = new Sampling("4:2:0", 8);

    @Override
    public String toString() {
        return chroma + " in " + depth + " bits";
    }
}
