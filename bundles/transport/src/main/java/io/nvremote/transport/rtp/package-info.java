// SPDX-License-Identifier: Apache-2.0
/**
 * Video as RTP and RTCP, and a reliable control channel, over datagrams that somebody else sends.
 *
 * <p>The protocol lives in {@code SendStream}, {@code ReceiveStream} and {@code ControlStream}: no socket, no clock, no
 * thread, so that tests run them in virtual time. {@code RtpVideoSender}, {@code RtpVideoReceiver} and
 * {@code DatagramControl} put a lock and one timer thread around each.
 *
 * <h2>Stage stamps</h2>
 *
 * The first packet of each unit carries a header extension (RFC 8285, two-byte form, profile 0x1000) with one element,
 * id 1, 33 bytes, big-endian:
 *
 * <pre>
 *  0     flags: bit 0 key frame, bit 1 captured stamp present
 *  1..8  sequence of the frame
 *  9..16 base: captured stamp in nanoseconds of the host's monotonic clock (time of sending if there is none)
 * 17..20 shown, 21..24 converted, 25..28 encoded, 29..32 sent: signed nanoseconds after the base,
 *        0x80000000 = not run, saturating at about 2.1 s either way
 * </pre>
 *
 * <h2>Clock echo</h2>
 *
 * RTCP APP packets (RFC 3550 section 6.7) named {@code NVCK}. Subtype 0, receiver to sender: t1 (8 bytes, nanoseconds).
 * Subtype 1, the answer: t1, t2 (request came), t3 (answer went), then 2 zero bytes and the sequence number of the last
 * packet sent, or 0xFFFF and 0 if nothing was sent yet. From them the receiver knows round trip, clock offset, and
 * packets lost at the tail of a unit when nothing follows. Subtype 2, receiver to sender, in each report: the sequence
 * number of the newest packet (4 bytes), the microseconds since it came, then how many bytes came behind the first packet
 * of their unit and how many microseconds that took, over all units so far, both modulo 2^32. From it the sender knows
 * the round trip of a packet of the stream itself, and the rate of the path's bottleneck. Subtype 3, receiver to sender, in front of a picture loss
 * indication: the sequence (8 bytes) of the frame of the last unit that was handed over, where it can't be gone on from. From it
 * the encoder hears which units are lost for good. Other receivers ignore them; the sender's own round trip comes
 * from LSR and DLSR of plain receiver reports.
 */
@NullMarked
package io.nvremote.transport.rtp;

import org.jspecify.annotations.NullMarked;
