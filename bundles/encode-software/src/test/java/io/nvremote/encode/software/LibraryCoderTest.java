// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.tck.TestcardFrames;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against the machine's libopenh264. */
class LibraryCoderTest extends SoftwareDeviceContract {

    private static final int SPS = 7;

    @BeforeAll
    static void needsTheLibrary() {
        try {
            assertThat(new OpenH264Library()).isNotNull();
        } catch (StreamException e) {
            if ("true".equals(System.getenv("CI"))) {
                fail("libopenh264 2.3 is needed: install the Debian package libopenh264-7", e);
            }
            Assumptions.abort("NOT PROVEN: the machine's own openh264: install the Debian package libopenh264-7");
        }
    }

    @Override
    SoftwareSettings.Library library() {
        return SoftwareSettings.Library.SYSTEM;
    }

    @Test
    void another_rate_needs_no_key_frame_and_is_kept_by_the_pictures_that_follow() {
        List<Integer> sizes = new ArrayList<>();
        int[] keyFrames = new int[1];
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                SoftwareDevice device = device();
                EncoderSession session = device.open(spec(), unit -> {
                    keyFrames[0] += unit.keyFrame() ? 1 : 0;
                    sizes.add(unit.data().remaining());
                })) {
            for (long rate : new long[] {4_000_000, 150_000, 4_100_000}) {
                assertThat(session.retarget(new Bitrate(rate))).isEqualTo(new Bitrate(rate));
                for (int i = 0; i < 60; i++) {
                    session.encode(cards.next(), false);
                }
            }
        }
        assertThat(keyFrames[0]).isEqualTo(1);
        assertThat(bytes(sizes, 1))
                .as("of the low rate, against the high one before")
                .isLessThan(bytes(sizes, 0) * 3 / 4);
        assertThat(bytes(sizes, 2)).as("of the high rate again").isGreaterThan(bytes(sizes, 1) * 4 / 3);
    }

    /** Of the last half of a rate's 60 pictures. */
    private static int bytes(List<Integer> sizes, int rate) {
        return sizes.subList(60 * rate + 30, 60 * rate + 60).stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    @Test
    void a_stream_is_described_to_decoders_as_the_other_openh264_describes_it() {
        assertThat(description(SoftwareSettings.Library.SYSTEM))
                .isEqualTo(description(SoftwareSettings.Library.FFMPEG));
    }

    /**
     * The first sequence parameter set (ISO/IEC 14496-10, 7.3.2.1.1) as bits: profile, level, size, colours, and that no
     * picture waits for a later one. Without how pictures are counted, where versions of openh264 differ.
     */
    private static String description(SoftwareSettings.Library library) {
        byte[][] found = new byte[1][];
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                SoftwareDevice device = new SoftwareDevice(new SoftwareSettings(2, 1, library), Clock.system());
                EncoderSession session = device.open(spec(Codec.H264, SIZE), unit -> found[0] = first(unit.data()))) {
            session.encode(cards.next(), false);
        }
        String bits = new BigInteger(1, found[0]).toString(2);
        int identity = 7 + 24; // without the leading zero bit of the unit's type
        int at = afterNumber(bits, afterNumber(bits, identity));
        boolean counted = bits.startsWith("1", at); // pic_order_cnt_type 0 has the length of its count behind it
        at = counted ? afterNumber(bits, at + 1) : afterNumber(bits, at);
        return bits.substring(0, identity) + " " + bits.substring(at).replaceAll("10*$", "");
    }

    /** Where an Exp-Golomb number (9.1) that begins there ends. */
    private static int afterNumber(String bits, int at) {
        int zeros = bits.indexOf('1', at) - at;
        return at + 2 * zeros + 1;
    }

    private static byte[] first(ByteBuffer unit) {
        assertThat(unit.getInt(0)).as("a start code").isEqualTo(1);
        assertThat(unit.get(4) & 31).isEqualTo(SPS);
        int end = 4;
        while (unit.getInt(end) != 1) {
            end++;
        }
        byte[] set = new byte[end - 4];
        unit.get(4, set);
        return set;
    }
}
