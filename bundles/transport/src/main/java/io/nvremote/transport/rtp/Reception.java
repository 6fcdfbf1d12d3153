// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/** What a receiver report says: expected, lost, jitter (RFC 3550 sections 6.4.1, A.3, A.8). One thread at a time. */
final class Reception {

    private long base;
    private long highest;
    private long received;
    private long expectedBefore;
    private long receivedBefore;
    private int transit;
    private double jitterTicks;
    private int lastReport;
    private long lastReportCame;
    private long highestCame;
    private int lastTimestamp;
    private long lastCame;
    private int bytesSince;
    private int trainBytes;
    private long trainNanos;

    /** The newest packet, how long it has been here, and the bytes and time of trains so far. */
    record Arrival(int sequence, long heldNanos, int trainBytes, int trainMicros) {}

    void restart(long first) {
        base = first;
        highest = first - 1;
        received = 0;
        expectedBefore = 0;
        receivedBefore = 0;
        jitterTicks = 0;
    }

    /** One packet of the stream itself, not of its retransmissions. */
    void received(long number, int timestamp, int bytes, long now) {
        train(number, timestamp, bytes, now);
        base = Math.min(base, number);
        if (number > highest) {
            highest = number;
            highestCame = now;
        }
        long arrival = now / 100_000 * 9 + now % 100_000 * 9 / 100_000;
        int now90k = (int) arrival;
        int difference = now90k - timestamp - transit;
        if (received++ > 0) {
            jitterTicks += (Math.abs((double) difference) - jitterTicks) / 16;
        }
        transit = now90k - timestamp;
    }

    /** One packet of the stream's retransmissions. */
    void repaired(int bytes) {
        bytesSince += bytes;
    }

    /** What comes between two packets of one unit came as fast as the path lets it. */
    private void train(long number, int timestamp, int bytes, long now) {
        bytesSince += bytes;
        if (number <= highest) {
            return;
        }
        if (received > 0 && timestamp == lastTimestamp) {
            trainBytes += bytesSince;
            trainNanos += now - lastCame;
        }
        lastTimestamp = timestamp;
        lastCame = now;
        bytesSince = 0;
    }

    Arrival arrival(long now) {
        return new Arrival((int) highest & 0xFFFF, now - highestCame, trainBytes, (int) (trainNanos / 1000));
    }

    void senderReport(long ntp, long now) {
        lastReport = (int) (ntp >>> 16);
        lastReportCame = now;
    }

    long jitterNanos() {
        return (long) (jitterTicks * 100_000 / 9);
    }

    RtcpWriter.ReportBlock block(int ssrc, long now) {
        long expected = highest - base + 1;
        long expectedNow = expected - expectedBefore;
        long lostNow = expectedNow - (received - receivedBefore);
        expectedBefore = expected;
        receivedBefore = received;
        int fraction = expectedNow <= 0 || lostNow <= 0 ? 0 : (int) Math.min(255, (lostNow << 8) / expectedNow);
        long delay = lastReport == 0 ? 0 : (long) ((now - lastReportCame) / 1e9 * 65_536);
        int lost = Math.clamp(expected - received, -0x800000, 0x7FFFFF);
        // The cycle count of RFC 3550 A.1 begins at zero with the stream.
        int extended = (int) (highest - Sequence.ORIGIN);
        return new RtcpWriter.ReportBlock(ssrc, fraction, lost, extended, (int) jitterTicks, lastReport, (int) delay);
    }
}
