// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Damage;
import io.nvremote.media.Frame;

/**
 * What a screen at rest is still sent: a picture that is owed, until it could be made; and the last one again, sharper each time,
 * since an encoder that keeps to a bit rate blurs what moves and has the whole rate for what no longer does. Then nothing.
 *
 * <p>Time comes from outside. For one thread.
 */
final class RestingPicture {

    private static final long OWED_EVERY_NANOS = 250_000_000;
    /** A picture that did not change for so long is at rest: between those of a slow film there is nothing to gain. */
    private static final long REST_NANOS = 150_000_000;

    private static final long SECOND = 1_000_000_000;

    private final Bitrate bitrate;
    private final long intervalNanos;
    /** One second of pictures is enough for any encoder that gets sharper at all. */
    private final int most;

    private int left;
    private boolean asked;
    private long dueNanos;

    RestingPicture(FrameRate rate, Bitrate bitrate, long nowNanos) {
        this.bitrate = bitrate;
        intervalNanos = rate.intervalNanos();
        most = rate.perSecond();
        dueNanos = nowNanos;
    }

    /** Whether a picture shows the same as the one before: it was asked for here, and nothing was drawn since. */
    boolean same(Frame picture) {
        Damage damage = picture.damage();
        boolean same = asked && (damage == null || damage.rows().isEmpty());
        asked = false;
        return same;
    }

    /** Something new was sent, or something old from the beginning: it can get sharper. */
    void changed(long nowNanos) {
        left = most;
        dueNanos = Math.max(dueNanos, nowNanos + REST_NANOS);
    }

    /** The same was sent again; {@code more}: once more would gain something. */
    void refined(boolean more, long nowNanos) {
        left = more ? left - 1 : 0;
        dueNanos = Math.max(dueNanos, nowNanos + intervalNanos);
    }

    /** A unit takes its time on the path: the next one of a picture at rest waits for that. */
    void sent(AccessUnit unit, long nowNanos) {
        long takes = unit.data().remaining() * 8L * SECOND / bitrate.bitsPerSecond();
        dueNanos = Math.max(dueNanos, nowNanos + takes);
    }

    /** Whether the source is to hand over its picture once more, though nothing changed; {@code owed}: one is still to be made. */
    boolean again(boolean owed, long nowNanos) {
        if (asked || nowNanos - dueNanos < 0 || (!owed && left <= 0)) {
            return false;
        }
        if (owed) {
            dueNanos = nowNanos + OWED_EVERY_NANOS;
        }
        asked = true;
        return true;
    }
}
