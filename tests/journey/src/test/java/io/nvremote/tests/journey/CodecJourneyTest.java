// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.nvremote.tests.kit.DemoProcess;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that sends AV1, a real screen, and browsers that decode it or do not. */
class CodecJourneyTest {

    private static final String NOTE_CODECS = """
            window.configured = [];
            const configure = VideoDecoder.prototype.configure;
            VideoDecoder.prototype.configure = function (c) { configured.push(c.codec.slice(0, 4)); return configure.call(this, c); };""";

    private static final String NO_AV1 = """
            const asked = VideoDecoder.isConfigSupported.bind(VideoDecoder);
            VideoDecoder.isConfigSupported = c =>
              c.codec.startsWith('av01') ? Promise.resolve({ supported: false, config: c }) : asked(c);""";

    @TempDir
    Path work;

    @Test
    void a_stream_changes_its_codec_when_a_page_joins_that_does_not_decode_it_and_back_when_it_leaves()
            throws Exception {
        DemoPage.needs();
        String[] options = {"--capture", "x11", "--codec", "av1"};
        try (DemoProcess demo = DemoProcess.startForAPerson(work, work.resolve("temporary"), options);
                DemoPage person = new DemoPage()) {
            try {
                Page first = person.page;
                first.addInitScript(NOTE_CODECS);
                URI address = URI.create(demo.pageAddress());
                person.signIn(address);
                person.connect();
                person.await(() -> DemoPage.bright(first));
                assertThat(codecs(first)).isEqualTo("av01");
                String session = demo.session().path("session_id").asText();

                Page second = first.context().newPage();
                second.addInitScript(NO_AV1);
                second.addInitScript(NOTE_CODECS);
                second.navigate(address.resolve("/").toString());
                person.await(() -> DemoPage.bright(second));
                person.await(() -> codecs(first).equals("av01 avc1"));
                person.await(() -> DemoPage.bright(first));
                assertThat(codecs(second)).endsWith("avc1");

                second.close();
                person.await(() -> codecs(first).equals("av01 avc1 av01"));
                person.await(() -> DemoPage.bright(first));
                assertThat(demo.session().path("session_id").asText()).isEqualTo(session);
                assertThat(demo.session().at("/tracks/video/codec").asText()).isEqualTo("av1");
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(e.getMessage() + "\n" + person.errors + "\n" + demo.steps(), e);
            }
            assertThat(person.errors).isEmpty();
        }
    }

    /** What its decoder was set up for, one after the other. */
    private static String codecs(Page page) {
        return (String) page.evaluate("configured.join(' ')");
    }
}
