// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.testcard;

import io.nvremote.media.Frame;
import io.nvremote.media.StageStamps;
import io.nvremote.media.Surface;

/** One card on loan; closing it ends the loan, retained ones go on. */
final class Card implements Frame, Frame.Retained {

    private final CardMemory.Slot slot;
    private final long sequence;
    private final StageStamps stamps;
    private boolean open = true;

    Card(CardMemory.Slot slot, long sequence, StageStamps stamps) {
        this.slot = slot;
        this.sequence = sequence;
        this.stamps = stamps;
    }

    @Override
    public Surface surface() {
        return slot.surface();
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
    public Retained retain() {
        slot.hold();
        return new Card(slot, sequence, stamps);
    }

    @Override
    public Frame frame() {
        return this;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            slot.release();
        }
    }
}
