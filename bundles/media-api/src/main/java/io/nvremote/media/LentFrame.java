// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import org.jspecify.annotations.Nullable;

/**
 * A frame in leased memory, for sources and decoders. Closing it ends the hold it was made with; retained ones go on. As
 * {@link Frame}: for one thread at a time.
 */
public final class LentFrame implements Frame, Frame.Retained {

    private final Lease lease;
    private final long sequence;
    private final StageStamps stamps;
    private final @Nullable Damage damage;
    private boolean open = true;

    /** Takes over a hold on {@code lease}; {@code damage} is null where the source does not say. */
    public LentFrame(Lease lease, long sequence, StageStamps stamps, @Nullable Damage damage) {
        this.lease = lease;
        this.sequence = sequence;
        this.stamps = stamps;
        this.damage = damage;
    }

    @Override
    public Surface surface() {
        return lease.surface();
    }

    @Override
    public HostSurface host() {
        return lease.host();
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
        return new LentFrame(lease.hold(), sequence, stamps, damage);
    }

    @Override
    public Frame frame() {
        return this;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            lease.release();
        }
    }
}
