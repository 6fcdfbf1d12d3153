// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Bitrate;
import io.nvremote.encode.EncoderSession;
import io.nvremote.tck.TestcardFrames;
import org.junit.jupiter.api.Test;

class FfmpegCoderTest extends SoftwareDeviceContract {

    @Override
    SoftwareSettings.Library library() {
        return SoftwareSettings.Library.FFMPEG;
    }

    @Test
    void a_near_rate_is_not_worth_a_key_frame() {
        int[] keyFrames = new int[1];
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                SoftwareDevice device = device();
                EncoderSession session = device.open(spec(), unit -> keyFrames[0] += unit.keyFrame() ? 1 : 0)) {
            session.encode(cards.next(), false);
            assertThat(session.retarget(new Bitrate(4_200_000))).isEqualTo(spec().bitrate());
            session.encode(cards.next(), false);
            assertThat(keyFrames[0]).isEqualTo(1);
            assertThat(session.retarget(new Bitrate(2_000_000))).isEqualTo(new Bitrate(2_000_000));
            session.encode(cards.next(), false);
            assertThat(keyFrames[0]).isEqualTo(2);
        }
    }
}
