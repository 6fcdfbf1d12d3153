// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.transport.DatagramSender;
import org.jspecify.annotations.Nullable;

/** What a receiver sends: compounds of report, description and one request (RFC 4585 section 3.1). */
final class FeedbackSender {

    private final RtcpWriter rtcp;
    private final DatagramSender out;

    FeedbackSender(int ssrc, DatagramSender out) {
        this.out = out;
        rtcp = new RtcpWriter(ssrc, "client@nvremote");
    }

    void report(RtcpWriter.@Nullable ReportBlock block, Reception.@Nullable Arrival arrival, long now) {
        RtcpWriter report = rtcp.receiverReport(block).echoRequest(now);
        out.send((arrival == null ? report : report.arrival(arrival)).finish());
    }

    void nack(int media, RtcpWriter.ReportBlock block, int[] items, int count) {
        out.send(rtcp.receiverReport(block).nack(media, items, count).finish());
    }

    /** @param shown the sequence of the last unit handed over, if that one can't be gone on from; else -1 */
    void pictureLoss(int media, RtcpWriter.@Nullable ReportBlock block, long shown) {
        RtcpWriter report = rtcp.receiverReport(block);
        out.send((shown < 0 ? report : report.stuckAfter(shown))
                .pictureLoss(media)
                .finish());
    }

    void bye() {
        out.send(rtcp.receiverReport(null).bye().finish());
    }
}
