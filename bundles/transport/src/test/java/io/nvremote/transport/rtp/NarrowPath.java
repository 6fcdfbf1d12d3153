// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.transport.VideoSpec;
import java.util.SplittableRandom;

/** A host with an encoder that obeys, behind a link with a rate, a queue that drops what it can't hold, loss and delay. */
final class NarrowPath {

    /** What IP, UDP, WireGuard and the inner headers add. */
    private static final int OVERHEAD = 68 + 28;

    final Simulation world;
    private final SplittableRandom weather = new SplittableRandom(11);
    private final int framesPerSecond;
    double bitsPerSecond;
    long queueNanos;
    double loss;
    long oneWayNanos;
    /** Whether the encoder changes its rate when told. */
    boolean retargets = true;

    private final double fixed;
    long keyFrames;
    long overflows;
    private long free;

    NarrowPath(
            double streamMegabits,
            int framesPerSecond,
            double linkMegabits,
            int queueMillis,
            double loss,
            int rttMillis) {
        this.framesPerSecond = framesPerSecond;
        fixed = streamMegabits * 1e6;
        bitsPerSecond = linkMegabits * 1e6;
        queueNanos = queueMillis * Simulation.MILLI;
        this.loss = loss;
        oneWayNanos = rttMillis * Simulation.MILLI / 2;
        VideoSpec spec = new VideoSpec(
                Units.SSRC, 1200, new FrameRate(framesPerSecond), new Bitrate((long) (streamMegabits * 1e6)));
        world = new Simulation(
                new VideoSetup(spec, TransportSettings.DEFAULT, PayloadFormats.STANDARD), new SplittableRandom(1));
        world.hear(); // before its first picture, as the timer does
        world.path = this::forward;
        world.back = (datagram, now) -> lost() ? new long[0] : new long[] {now + oneWayNanos};
    }

    private boolean lost() {
        return weather.nextDouble() < loss;
    }

    private long[] forward(byte[] datagram, long now) {
        if (Math.max(free, now) - now > queueNanos) {
            overflows++;
            return new long[0];
        }
        free = Math.max(free, now) + (long) ((datagram.length + OVERHEAD) * 8 / bitsPerSecond * 1e9);
        return lost() ? new long[0] : new long[] {free + oneWayNanos};
    }

    /** Plays full motion: pictures of about the rate told, the first and those asked for many times as large. */
    void play(long millis) {
        long end = world.now + millis * Simulation.MILLI;
        long interval = 1_000 * Simulation.MILLI / framesPerSecond;
        while (world.now < end) {
            long pause = world.sender.pauseNanos(world.now + Simulation.HOST_AHEAD);
            if (pause > 0) {
                world.run(Math.clamp(pause, Simulation.MILLI, 50 * Simulation.MILLI));
                continue;
            }
            boolean key = world.sent.isEmpty() || world.keyFrameWanted;
            keyFrames += key ? 1 : 0;
            double mean = (retargets ? world.target : fixed) / 8.0 / framesPerSecond;
            double bytes = key ? Math.max(15_000, 7 * mean) : Math.max(600, mean * (0.5 + weather.nextDouble()));
            world.send(key, (int) bytes);
            world.run(interval);
        }
    }

    /** Pictures handed over in that span of milliseconds since the beginning. */
    long pictures(long fromMillis, long toMillis) {
        return world.received.stream()
                .filter(r -> r.at() >= (1_000 + fromMillis) * Simulation.MILLI
                        && r.at() < (1_000 + toMillis) * Simulation.MILLI)
                .count();
    }

    /** The longest time without a picture in that span. */
    long longestGapMillis(long fromMillis, long toMillis) {
        long before = (1_000 + fromMillis) * Simulation.MILLI;
        long longest = 0;
        for (Simulation.Received unit : world.received) {
            if (unit.at() >= before && unit.at() < (1_000 + toMillis) * Simulation.MILLI) {
                longest = Math.max(longest, unit.at() - before);
                before = unit.at();
            }
        }
        return Math.max(longest, (1_000 + toMillis) * Simulation.MILLI - before) / Simulation.MILLI;
    }
}
