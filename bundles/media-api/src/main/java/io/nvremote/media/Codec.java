// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

/** A video coding standard. An open set: the lower-case name is the identity and the value of plugin properties. */
public record Codec(String name) {

    public static final Codec H264 = new Codec("h264");
    public static final Codec HEVC = new Codec("hevc");
    public static final Codec AV1 = new Codec("av1");

    @Override
    public String toString() {
        return name;
    }
}
