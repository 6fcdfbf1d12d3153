// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.encode.Encoder;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Codec;
import io.nvremote.stream.StreamMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodeWatchTest {

    private final ServiceCandidate<Encoder> a = Fakes.offered(new Fakes.Letter('a'), 1, 0, "h264", "a", "1.0.0");
    private final ServiceCandidate<Encoder> b = Fakes.offered(new Fakes.Letter('b'), 2, 0, "h264", "b", "1.0.0");
    private final List<String> told = new ArrayList<>();
    private final DecodeWatch watch =
            new DecodeWatch(e -> told.add("pass over " + e.name()), e -> told.add("blame " + e.name()));
    private Codec codec = Codec.H264;
    private long decoded;
    private long undecodable;

    private void good(ServiceCandidate<Encoder> encoder, int reports) {
        for (int i = 0; i < reports; i++) {
            decoded += 30;
            watch.report(new StreamMessage.Decoded(decoded, undecodable), encoder, codec, 0);
        }
    }

    private void bad(ServiceCandidate<Encoder> encoder, int reports, double loss) {
        for (int i = 0; i < reports; i++) {
            undecodable += 2;
            watch.report(new StreamMessage.Decoded(decoded, undecodable), encoder, codec, loss);
        }
    }

    @Test
    void an_encoder_that_takes_over_and_can_not_be_decoded_is_blamed_at_once() {
        good(a, 3);
        bad(b, DecodeWatch.REPORTS, 0);
        assertThat(told).isEmpty(); // The first report told of both.
        bad(b, 1, 0);
        assertThat(told).containsExactly("blame b");
    }

    @Test
    void the_first_encoder_is_passed_over_and_blamed_when_the_next_one_is_decoded() {
        bad(a, DecodeWatch.REPORTS + 1, 0);
        assertThat(told).containsExactly("pass over a");
        good(b, 2);
        assertThat(told).containsExactly("pass over a", "blame a");
    }

    @Test
    void a_client_that_decodes_nothing_takes_no_encoder_away() {
        bad(a, DecodeWatch.REPORTS + 1, 0);
        bad(b, DecodeWatch.REPORTS + 1, 0);
        good(b, 3);
        assertThat(told).containsExactly("pass over a");
    }

    @Test
    void failures_among_pictures_and_failures_of_a_bad_path_count_for_nobody() {
        good(a, 3);
        for (int i = 0; i < 20; i++) {
            bad(b, DecodeWatch.REPORTS - 1, 0);
            good(b, 1);
        }
        bad(b, 20, 0.1);
        watch.report(new StreamMessage.Decoded(decoded, undecodable), null, codec, 0);
        assertThat(told).isEmpty();
    }

    @Test
    void an_encoder_whose_client_decodes_another_codec_is_passed_over_and_not_blamed() {
        codec = Codec.AV1;
        bad(a, DecodeWatch.REPORTS + 1, 0);
        codec = Codec.H264;
        good(b, 3);
        codec = Codec.AV1;
        bad(a, DecodeWatch.REPORTS + 1, 0);
        assertThat(told).containsExactly("pass over a", "pass over a");
    }
}
