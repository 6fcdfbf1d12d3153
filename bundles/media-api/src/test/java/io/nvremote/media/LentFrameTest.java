// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class LentFrameTest {

    private static final class Memory implements Lease {

        private final HostSurface surface = new HostSurface(
                PixelFormat.BGRA,
                new Size(16, 16),
                List.of(new HostSurface.Plane(Arena.ofAuto().allocate(1024), 64)));
        private int holds = 1;

        @Override
        public Surface surface() {
            return surface;
        }

        @Override
        public Lease hold() {
            holds++;
            return this;
        }

        @Override
        public void release() {
            holds--;
        }
    }

    private final Memory memory = new Memory();
    private final Damage damage = new Damage(this, new BitSet());
    private final LentFrame frame = new LentFrame(memory, 7, StageStamps.captured(1, 2), damage);

    @Test
    void what_is_retained_outlives_the_loan_and_tells_the_same() {
        Frame.Retained kept = frame.retain();
        frame.close();
        assertThat(memory.holds).isEqualTo(1);
        assertThat(kept.frame().surface()).isSameAs(memory.surface);
        assertThat(kept.frame().sequence()).isEqualTo(7);
        assertThat(kept.frame().stamps()).isEqualTo(frame.stamps());
        assertThat(kept.frame().damage()).isSameAs(damage);
        kept.close();
        assertThat(memory.holds).isZero();
    }

    @Test
    void a_hold_is_ended_once_however_often_it_is_closed() {
        Frame.Retained kept = frame.retain();
        kept.close();
        kept.close();
        assertThat(memory.holds).isEqualTo(1);
    }
}
