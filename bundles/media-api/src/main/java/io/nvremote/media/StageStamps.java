// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

/**
 * When each stage of the host was done with a picture, in nanoseconds of its monotonic clock; 0 where a stage has not
 * run. Every method returns a copy.
 *
 * @param shownNanos when the picture changed on the host's screen, as far as the source can tell
 * @param capturedNanos when it was in the capturer's memory
 * @param convertedNanos when it was in the encoder's pixel format
 * @param encodedNanos when its access unit was complete
 * @param sentNanos when its first packet was handed to the network
 */
public record StageStamps(long shownNanos, long capturedNanos, long convertedNanos, long encodedNanos, long sentNanos) {

    public static StageStamps captured(long shownNanos, long capturedNanos) {
        return new StageStamps(shownNanos, capturedNanos, 0, 0, 0);
    }

    public StageStamps converted(long nanos) {
        return new StageStamps(shownNanos, capturedNanos, nanos, encodedNanos, sentNanos);
    }

    public StageStamps encoded(long nanos) {
        return new StageStamps(shownNanos, capturedNanos, convertedNanos, nanos, sentNanos);
    }

    public StageStamps sent(long nanos) {
        return new StageStamps(shownNanos, capturedNanos, convertedNanos, encodedNanos, nanos);
    }
}
