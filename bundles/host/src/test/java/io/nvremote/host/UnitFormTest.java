// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.media.Codec;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitFormTest {

    @ParameterizedTest
    @CsvSource({
        // Codec, whether it is said to be a key frame, the unit, what is wrong with it (- nothing).
        "h264, true,  00000001 67 01 00000001 68 01 000001 65 01, -",
        "h264, false, 00000001 41 01, -",
        "h264, true,  00000001 67 01 000001 65 01, a key frame that can't be decoded on its own",
        "h264, true,  00000001 67 01 00000001 68 01 000001 41 01, a key frame that can't be decoded on its own",
        "h264, false, 00000001 67 01, a unit without a picture",
        "h264, false, 41 01, a unit without a start code",
        "hevc, true,  00000001 4001 01 00000001 4201 01 00000001 4401 01 000001 2601 01, -",
        "hevc, true,  00000001 4001 01 00000001 4201 01 00000001 4401 01 000001 2801 01, -",
        "hevc, true,  00000001 4601 01 00000001 4001 01 00000001 4201 01 00000001 4401 01 00000001 4E01 01 000001 2A01 01, -",
        "hevc, false, 00000001 0201 01, -",
        "hevc, true,  00000001 4201 01 00000001 4401 01 000001 2601 01, a key frame that can't be decoded on its own",
        "hevc, true,  00000001 4001 01 00000001 4201 01 00000001 4401 01 000001 0201 01, a key frame that can't be decoded on its own",
        "hevc, false, 00000001 4601 01, a unit without a picture",
        "hevc, false, 0201 01, a unit without a start code",
        "av1,  true,  1200 0A01 00 3202 1000, -",
        "av1,  true,  1200 0E00 01 00 1A02 1000, -",
        "av1,  false, 1200 3202 3000, -",
        "av1,  false, 1200 0A01 00 3202 3000, -",
        "av1,  true,  1200 3202 1000, a key frame that can't be decoded on its own",
        "av1,  true,  1200 0A01 00 3202 3000, a key frame that can't be decoded on its own",
        "av1,  true,  1200 0A01 00 3202 8000, a key frame that can't be decoded on its own",
        "av1,  false, 1200, a unit without a picture",
        "av1,  false, 1200 3203 3000, a unit that is no sequence of OBUs with their sizes",
        "av1,  false, 1000 3000, a unit that is no sequence of OBUs with their sizes",
        "av1,  false, 32 FF, a unit that is no sequence of OBUs with their sizes",
        "av1,  false, 32 FFFFFFFFFFFF 01, a unit that is no sequence of OBUs with their sizes",
        "av1,  false, 00000001 41 01, a unit that is no sequence of OBUs with their sizes",
        "vvc,  true,  00, -",
    })
    void what_nobody_could_decode_is_seen(String codec, boolean keyFrame, String unit, String wrong) {
        ByteBuffer data = ByteBuffer.wrap(HexFormat.of().parseHex(unit.replace(" ", "")));
        String found = UnitForm.wrong(new Codec(codec), data, keyFrame);
        assertThat(found == null ? "-" : found).isEqualTo(wrong);
        assertThat(data.remaining()).as("it was only looked at").isEqualTo(data.capacity());
    }

    @ParameterizedTest
    @CsvSource({"h264", "hevc", "av1", "vvc"})
    void an_empty_unit_is_wrong_whatever_its_codec(String codec) {
        assertThat(UnitForm.wrong(new Codec(codec), ByteBuffer.allocate(0), false))
                .isEqualTo("an empty unit");
    }
}
