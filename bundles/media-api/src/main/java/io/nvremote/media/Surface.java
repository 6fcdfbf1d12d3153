// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where a picture's pixels are. Holds places, never a copy: whoever made the surface owns the memory.
 *
 * <p>An open set: {@link HostSurface} is memory that the CPU reads, {@link DeviceSurface} memory of a GPU, {@link SharedSurface} a
 * file that several processes map. Who can't use the one at hand takes {@link Frame#host()}.
 */
@ConsumerType
public interface Surface {

    PixelFormat format();

    Size size();

    /** What all pictures of this kind have in common: an encoder is opened for it. */
    SurfaceKind kind();
}
