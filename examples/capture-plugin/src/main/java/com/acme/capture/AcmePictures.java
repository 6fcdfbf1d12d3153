// SPDX-License-Identifier: Apache-2.0
package com.acme.capture;

import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/**
 * The only class that touches native memory: a few pictures, so that one that somebody retains is not drawn over. Their memory goes
 * when nobody holds them any more. Safe for any thread.
 */
final class AcmePictures {

    private final List<Picture> pictures;
    private boolean freed; // guarded by this

    AcmePictures(Size size) {
        pictures = Stream.generate(() -> new Picture(size)).limit(3).toList();
    }

    /** One that nobody holds, now held once; null if all are held. */
    synchronized Picture take() {
        for (Picture picture : pictures) {
            if (!freed && picture.holds == 0) {
                picture.holds = 1;
                return picture;
            }
        }
        return null;
    }

    /** No more are taken. Idempotent. */
    synchronized void free() {
        freed = true;
        pictures.forEach(Picture::closeIfFree);
    }

    /** Memory of one picture. */
    final class Picture implements Lease {

        private final Arena arena = Arena.ofShared();
        private final HostSurface surface;
        private int holds; // guarded by the pictures

        private Picture(Size size) {
            int stride = size.width() * 4;
            // Encoders read rows in steps of their vector width: room behind the last one keeps that inside.
            MemorySegment memory = arena.allocate((long) stride * size.height() + 64, 64);
            surface = new HostSurface(PixelFormat.BGRA, size, List.of(new HostSurface.Plane(memory, stride)));
        }

        /** Each row in one grey, from that one on. */
        void draw(long first) {
            HostSurface.Plane plane = surface.planes().getFirst();
            int stride = plane.strideBytes();
            for (int y = 0; y < surface.size().height(); y++) {
                plane.memory().asSlice((long) y * stride, stride).fill((byte) (y + first));
            }
        }

        @Override
        public HostSurface surface() {
            return surface;
        }

        @Override
        public Lease hold() {
            synchronized (AcmePictures.this) {
                holds++;
                return this;
            }
        }

        @Override
        public void release() {
            synchronized (AcmePictures.this) {
                holds--;
                closeIfFree();
            }
        }

        private void closeIfFree() {
            if (freed && holds == 0 && arena.scope().isAlive()) {
                arena.close();
            }
        }
    }
}
