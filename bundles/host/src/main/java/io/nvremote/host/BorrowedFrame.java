// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import io.nvremote.media.Surface;
import org.jspecify.annotations.Nullable;

/** A frame as it is lent to an encoder: nothing of the lender's own can be reached through it, so it can't be closed. As {@link Frame}. */
record BorrowedFrame(Frame of) implements Frame {

    @Override
    public Surface surface() {
        return of.surface();
    }

    @Override
    public HostSurface host() {
        return of.host();
    }

    @Override
    public Size size() {
        return of.size();
    }

    @Override
    public long sequence() {
        return of.sequence();
    }

    @Override
    public StageStamps stamps() {
        return of.stamps();
    }

    @Override
    public @Nullable Damage damage() {
        return of.damage();
    }

    @Override
    public Retained retain() {
        return of.retain();
    }
}
