// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/**
 * Whether a packet belongs to the stream that is received: another source, or a wild number, needs a second packet in order
 * before it is believed (RFC 3550 appendix A.1). One thread at a time.
 */
final class SourceCheck {

    /** A jump further than this is another stream until a second packet confirms it. */
    static final int MAX_JUMP = 3000;

    private static final int MAX_LATE = 500;

    /** The one packet that would confirm another stream, and where it comes from. */
    private int candidateSsrc;

    private int candidateNext = -1;

    /** Whether that number is near the highest of the stream, ahead or behind. */
    static boolean near(long number, long highest) {
        return number - highest <= MAX_JUMP && highest - number <= MAX_LATE;
    }

    /** Whether the packet before was the first that this one confirms; else this one is the first. */
    boolean confirmed(RtpHeader header) {
        boolean confirmed = candidateSsrc == header.ssrc && candidateNext == header.sequence;
        candidateSsrc = header.ssrc;
        candidateNext = header.sequence + 1 & 0xFFFF;
        return confirmed;
    }

    /** What came so far confirms nothing. */
    void clear() {
        candidateNext = -1;
    }
}
