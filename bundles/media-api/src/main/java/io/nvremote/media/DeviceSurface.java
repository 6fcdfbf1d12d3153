// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

/**
 * A picture in a device's memory, for encoders of the same device and place.
 *
 * @param device the device's UUID as its driver tells it
 * @param place id of the worker process in which handle and context mean something; empty for this process
 * @param handle the device's address or handle of the first pixel
 * @param pitchBytes distance from one row to the next
 * @param context the device context that the handle belongs to; 0 where there is none
 */
public record DeviceSurface(
        String device, String place, PixelFormat format, Size size, long handle, int pitchBytes, long context)
        implements Surface {

    @Override
    public SurfaceKind kind() {
        return new SurfaceKind(SurfaceKind.DEVICE, device, place, format);
    }
}
