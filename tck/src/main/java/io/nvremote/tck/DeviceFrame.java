// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import io.nvremote.media.DeviceSurface;
import io.nvremote.media.Download;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.StageStamps;
import io.nvremote.media.Surface;
import io.nvremote.media.SurfaceKind;
import java.util.concurrent.atomic.AtomicInteger;

/** A picture as if it were in the memory of a device that nobody has. Counts how often it is downloaded. */
final class DeviceFrame implements Frame {

    private static final String DEVICE = "GPU-of-nobody";
    static final SurfaceKind KIND = new SurfaceKind(SurfaceKind.DEVICE, DEVICE, "", PixelFormat.BGRA);

    private final Frame picture;
    private final AtomicInteger downloads = new AtomicInteger();
    private final Download download;

    DeviceFrame(Frame picture) {
        this.picture = picture;
        this.download = new Download(() -> {
            downloads.incrementAndGet();
            return picture.host();
        });
    }

    int downloads() {
        return downloads.get();
    }

    @Override
    public Surface surface() {
        return new DeviceSurface(
                DEVICE, "", PixelFormat.BGRA, picture.size(), 1, picture.size().width() * 4, 0);
    }

    @Override
    public HostSurface host() {
        return download.get();
    }

    @Override
    public long sequence() {
        return picture.sequence();
    }

    @Override
    public StageStamps stamps() {
        return picture.stamps();
    }

    @Override
    public Retained retain() {
        return picture.retain();
    }
}
