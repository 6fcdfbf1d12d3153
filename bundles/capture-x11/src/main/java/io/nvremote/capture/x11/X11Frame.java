// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.StageStamps;
import io.nvremote.media.Surface;
import org.jspecify.annotations.Nullable;

/** One picture on loan; closing it ends the loan, retained ones go on. */
final class X11Frame implements Frame, Frame.Retained {

    private final ShmImage image;
    private final long sequence;
    private final StageStamps stamps;
    private final @Nullable Damage damage;
    private boolean open = true;

    X11Frame(ShmImage image, long sequence, StageStamps stamps, @Nullable Damage damage) {
        this.image = image;
        this.sequence = sequence;
        this.stamps = stamps;
        this.damage = damage;
    }

    @Override
    public Surface surface() {
        return image.surface();
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public StageStamps stamps() {
        return stamps;
    }

    @Override
    public @Nullable Damage damage() {
        return damage;
    }

    @Override
    public Retained retain() {
        image.hold();
        return new X11Frame(image, sequence, stamps, damage);
    }

    @Override
    public Frame frame() {
        return this;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            image.release();
        }
    }
}
