// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.lib.json.Json;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Size;
import io.nvremote.viewer.ViewerError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageDecodersTest {

    private final PageDecoders decoders = new PageDecoders();

    @Test
    void of_several_pages_counts_what_all_of_them_decode() {
        assertThat(decoders.common()).isEmpty();
        told(
                "first",
                one("av1", 7680, 4320, true) + "," + one("h264", 4096, 2304, true) + "," + one("vvc", 64, 64, true));
        assertThat(decoders.common()).hasSize(3);
        told("second", one("h264", 1920, 4096, false) + "," + one("av1", 3840, 2160, true));
        assertThat(decoders.common())
                .containsExactly(
                        new DecoderCapability(Codec.AV1, new Size(3840, 2160), true),
                        new DecoderCapability(Codec.H264, new Size(1920, 2304), false));
        decoders.closed("second");
        assertThat(decoders.common()).hasSize(3);
        told("first", "");
        assertThat(decoders.common()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"codec\":\"H 264\",\"width\":64,\"height\":64}",
                "{\"codec\":\"h264\",\"width\":0,\"height\":64}",
                "{\"codec\":\"h264\",\"width\":64}",
                "{\"codec\":\"a-name-that-is-far-too-long\",\"width\":64,\"height\":64}",
                "7",
            })
    void what_is_no_decoder_is_refused(String bad) {
        assertThatThrownBy(() -> told("page", bad))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(ViewerError.BAD_REQUEST));
        assertThat(decoders.common()).isEmpty();
    }

    private void told(String page, String list) {
        decoders.told(
                page,
                Json.read("{\"d\":[" + list + "]}", ViewerError.BAD_REQUEST).path("d"));
    }

    private static String one(String codec, int width, int height, boolean hardware) {
        return "{\"codec\":\"" + codec + "\",\"width\":" + width + ",\"height\":" + height + ",\"hardware\":" + hardware
                + "}";
    }
}
