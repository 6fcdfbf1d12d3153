// SPDX-License-Identifier: Apache-2.0
package io.nvremote.stream;

/** Numbers that both ends of a stream agree on without asking. */
public final class StreamPorts {

    /** Port inside the tunnel, at both ends: RTP and RTCP of the video. */
    public static final int VIDEO = 5004;

    /** Port inside the tunnel, at both ends: the control channel. */
    public static final int CONTROL = 5006;

    /** Synchronisation source of the video (RFC 3550 section 8); its retransmissions use the next number. */
    public static final int VIDEO_SSRC = 0x4e565200;

    private StreamPorts() {}
}
