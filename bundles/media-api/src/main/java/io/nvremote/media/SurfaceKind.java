// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

/**
 * In what memory pictures are, and in which format: what an encoder has to know before the first. An open set.
 *
 * @param memory {@link #HOST}, {@link #DEVICE}, {@link #SHARED} or a word of the source's own
 * @param device UUID of the device whose memory it is; empty for the host's
 * @param place id of the worker process in which handles mean something; empty for this process
 */
public record SurfaceKind(String memory, String device, String place, PixelFormat format) {

    public static final String HOST = "host";
    public static final String DEVICE = "device";
    public static final String SHARED = "shared";

    /** Memory of this process. */
    public static SurfaceKind host(PixelFormat format) {
        return new SurfaceKind(HOST, "", "", format);
    }

    @Override
    public String toString() {
        return memory + (device.isEmpty() ? "" : " " + device) + (place.isEmpty() ? "" : " in " + place) + " "
                + format.name();
    }
}
