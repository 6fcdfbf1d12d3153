// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/** What {@link RateControl} takes the path to carry, and whoever keeps to it: pacing and repair. One thread at a time. */
final class PathRate {

    private static final long USAGE_NANOS = 500_000_000;

    final RateControl control;
    final Pacer pacer;
    final RepairBudget repairs;
    private final Decaying usage = new Decaying(USAGE_NANOS);

    /** For a stream of so many bits a second at most, in packets of at most so many bytes. */
    PathRate(long bitsPerSecond, int packetBytes, long now) {
        control = new RateControl(bitsPerSecond, now);
        pacer = new Pacer(packetBytes, control.bitsPerSecond(), now);
        repairs = new RepairBudget(control.target(), packetBytes, now);
    }

    /** A packet of so many bytes leaves. */
    void left(int bytes, long now) {
        pacer.left(bytes);
        usage.add(bytes, now);
    }

    /** The receiver tells of no trains. */
    void noTrains(long now) {
        control.noTrains();
        pacer.rate(control.bitsPerSecond(), now);
    }

    /** A report was read. */
    void judge(long now) {
        control.judge(8e9 / USAGE_NANOS * usage.value(now) / control.bitsPerSecond(), now);
        pacer.rate(control.bitsPerSecond(), now);
        repairs.rate(control.target(), now);
    }
}
