// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession.Decoded;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.StageStamps;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;

class OpenDecoderTest {

    private final RankedServices<Decoder> decoders = new RankedServices<>();
    private final FakeDecoder old = new FakeDecoder((surface, sequence) -> {});
    private final FakeDecoder fresh = new FakeDecoder((surface, sequence) -> {});
    private final OpenDecoder open = new OpenDecoder(decoders, frame -> {});
    private long sequence;

    @AfterEach
    void close() {
        open.close();
    }

    private static ServiceCandidate<Decoder> offered(FakeDecoder decoder, long id) {
        return ServiceCandidate.of(decoder, Map.of("decode.codec", "h264", Constants.SERVICE_ID, id), "decode.codec");
    }

    private Decoded unit(boolean key) {
        return open.decode(
                new AccessUnit(Codec.H264, ByteBuffer.allocate(1), key, sequence++, StageStamps.captured(0, 0)));
    }

    @Test
    void one_that_is_replaced_decodes_until_the_other_can_begin() {
        decoders.add(offered(old, 1));
        assertThat(unit(true)).isEqualTo(Decoded.PICTURE);
        assertThat(open.wantsKeyFrame()).isFalse();
        decoders.add(offered(fresh, 2));
        decoders.remove(1);
        assertThat(unit(false)).isEqualTo(Decoded.PICTURE);
        assertThat(open.wantsKeyFrame()).isTrue();
        assertThat(open.wantsKeyFrame()).as("once").isFalse();
        assertThat(unit(false)).isEqualTo(Decoded.PICTURE);
        assertThat(old.pictures.get()).isEqualTo(3);
        assertThat(unit(true)).isEqualTo(Decoded.PICTURE);
        assertThat(fresh.pictures.get()).isEqualTo(1);
        assertThat(old.open.get()).isZero();
    }

    @Test
    void one_that_is_gone_ends_at_once_where_nothing_can_take_over() {
        decoders.add(offered(old, 1));
        unit(true);
        decoders.remove(1);
        assertThat(unit(false)).isEqualTo(Decoded.NEED_KEY_FRAME);
        assertThat(old.open.get()).isZero();
        decoders.add(offered(fresh, 2));
        assertThat(unit(false)).isEqualTo(Decoded.PICTURE);
    }
}
