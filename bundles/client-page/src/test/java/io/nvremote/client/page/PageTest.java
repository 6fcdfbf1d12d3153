// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.nvremote.client.FakeControlPlane;
import io.nvremote.input.InputEvent;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Size;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.viewer.VideoFeed;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The way of a person through the page. */
class PageTest extends BrowserTest {

    @Test
    void a_person_signs_in_connects_watches_types_and_leaves() {
        page.navigate(address.get());
        assertThat(button("Sign in")).isVisible();
        assertThat(page.url()).as("the token is gone from the address").doesNotContain("token");
        accessible("signin");
        signIn();
        accessible("hosts");

        page.getByRole(AriaRole.BUTTON, named("Connect to workstation-7")).click();
        Locator stage = page.getByRole(AriaRole.APPLICATION);
        assertThat(stage).isVisible();
        await(() -> (Boolean) page.evaluate("document.querySelector('video')?.videoWidth === 1280"));
        await(() -> (Boolean) page.evaluate("[...document.querySelectorAll('[data-figures] dd')]"
                + ".some(d => parseInt(d.textContent) > 5 && d.textContent.includes('/s'))"));
        button("Stages").click();
        assertThat(page.getByRole(AriaRole.TABLE)).isVisible();
        page.waitForTimeout(1500);
        accessible("stream");
        assertThat(pictureVaries())
                .as("the middle of the picture is a moving pattern")
                .isTrue();

        stage.focus();
        page.keyboard().press("a");
        page.mouse().click(640, 500);
        await(() -> media.inputs.contains(new InputEvent.Key(4, true))
                && media.inputs.contains(new InputEvent.Key(4, false))
                && media.inputs.contains(new InputEvent.Button(1, true))
                && media.inputs.contains(new InputEvent.Button(1, false)));
        assertThat(media.inputs)
                .anyMatch(e -> e instanceof InputEvent.PointerTo(int x, int y)
                        && Math.abs(x - 32_768) < 100
                        && Math.abs(y - 41_300) < 1500);
        page.keyboard().down("b");
        page.evaluate("document.activeElement.blur()");
        await(() -> media.inputs.getLast() instanceof InputEvent.ReleaseAll);

        stage.focus();
        page.keyboard().press("Control+Alt+Shift+KeyQ");
        assertThat(page.getByRole(AriaRole.HEADING, named2("Hosts"))).isVisible();
        await(() -> media.openTunnels.get() == 0);
        await(() -> control.calls.contains("DELETE /api/v1/sessions/" + FakeControlPlane.SESSION));
        assertThat(media.keys.getFirst().privateKey()).containsOnly(0);
        assertThat(consoleErrors).isEmpty();
    }

    @Test
    void the_host_hears_what_this_browser_decodes_and_a_codec_without_a_player_is_said() {
        watch();
        await(() -> media.hello != null);
        assertThat(media.hello.decoders())
                .as("Chromium in software, as it says itself")
                .containsExactly(
                        new DecoderCapability(Codec.H264, new Size(4096, 4096), false),
                        new DecoderCapability(Codec.AV1, new Size(8192, 4352), false));
        media.play(new Codec("vvc"), clip);
        assertThat(page.getByText("This browser can't show the picture")).isVisible();
        assertThat(page.getByText("no player for vvc")).hasCount(1);
        media.play(Codec.H264, clip);
        assertThat(page.getByText("no player for vvc")).hasCount(0);
    }

    @Test
    void a_browser_that_decodes_less_is_told_as_it_is() {
        page.addInitScript("""
                VideoDecoder.isConfigSupported = c =>
                  Promise.resolve({ supported: c.codedWidth <= 1920 && c.codedWidth >= 1920, config: c });""");
        watch();
        await(() -> media.hello != null);
        assertThat(media.hello.decoders())
                .containsExactly(
                        new DecoderCapability(Codec.H264, new Size(1920, 1088), true),
                        new DecoderCapability(Codec.AV1, new Size(1920, 1088), true));
    }

    @Test
    void av1_is_shown_and_the_codec_changes_while_the_page_watches() {
        page.addInitScript("""
                window.configured = [];
                const configure = VideoDecoder.prototype.configure;
                VideoDecoder.prototype.configure = function (c) { window.configured.push(c.codec); return configure.call(this, c); };""");
        watch();
        media.play(Codec.AV1, av1Clip);
        await(() -> (Boolean) page.evaluate("document.querySelector('video').videoWidth === 640"));
        await(this::pictureVaries);
        long shown = shown();
        await(() -> shown() > shown + 20);
        media.play(Codec.H264, clip);
        await(() -> (Boolean) page.evaluate("document.querySelector('video').videoWidth === 1280"));
        await(this::pictureVaries);
        assertThat((String) page.evaluate("window.configured.map(c => c.slice(0, 4)).join(' ')"))
                .isEqualTo("avc1 av01 avc1");
        assertThat(media.openTunnels).as("one session all the time").hasValue(1);
        assertThat(consoleErrors).isEmpty();
    }

    private long shown() {
        return client.session().part(VideoFeed.class).orElseThrow().shownCount();
    }

    @Test
    void the_bar_hides_and_is_reachable_by_keyboard() {
        page.navigate(address.get());
        signIn();
        page.getByRole(AriaRole.BUTTON, named("Connect to workstation-7")).click();
        Locator bar = page.getByRole(AriaRole.TOOLBAR);
        assertThat(bar).isVisible();
        assertThat(page.locator("[role=toolbar][data-hidden=true]")).hasCount(1);
        page.getByRole(AriaRole.APPLICATION).focus();
        page.keyboard().press("Control+Alt+Shift+KeyZ");
        assertThat(page.locator("[role=toolbar][data-hidden=false]")).hasCount(1);
        assertThat(button("Stages")).isFocused();
    }

    @Test
    void a_refused_session_says_what_happened_and_what_to_do() {
        control.sessionRefusal = "SESSION_HOST_OFFLINE";
        page.navigate(address.get());
        signIn();
        page.getByRole(AriaRole.BUTTON, named("Connect to workstation-7")).click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("SESSION_HOST_OFFLINE");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("not currently online");
        assertThat(page.locator("[data-step=session]")).hasAttribute("data-state", "failed");
        accessible("refused");
        button("Close").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    }

    @Test
    void a_connect_can_be_cancelled() {
        control.status = "PENDING";
        page.navigate(address.get());
        signIn();
        page.getByRole(AriaRole.BUTTON, named("Connect to workstation-7")).click();
        assertThat(page.locator("[data-step=session]")).hasAttribute("data-state", "running");
        button("Cancel").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
        await(() -> control.calls.contains("DELETE /api/v1/sessions/" + FakeControlPlane.SESSION));
        assertThat(control.ends.getLast()).isEqualTo("user_disconnect");
        assertThat(media.openTunnels.get()).isZero();
    }

    @Test
    void a_host_that_goes_away_is_shown_at_once() {
        page.navigate(address.get());
        signIn();
        SignalDialer.LinkListener channel = media.channel;
        channel.received(
                new SignalDialer.SignalLink() {
                    @Override
                    public boolean send(Signal signal) {
                        return false;
                    }

                    @Override
                    public void close() {}
                },
                new Signal.HostStatus(FakeControlPlane.ONLINE, "OFFLINE", null, 0, Instant.now(), null, null));
        assertThat(page.getByRole(AriaRole.BUTTON, named("Connect to workstation-7")))
                .isDisabled();
    }

    @Test
    void the_host_ends_the_session_and_the_person_reads_why() {
        page.navigate(address.get());
        signIn();
        page.getByRole(AriaRole.BUTTON, named("Connect to workstation-7")).click();
        await(() -> (Boolean) page.evaluate("document.querySelector('video')?.videoWidth === 1280"));
        media.channel.received(
                new SignalDialer.SignalLink() {
                    @Override
                    public boolean send(Signal signal) {
                        return false;
                    }

                    @Override
                    public void close() {}
                },
                new Signal.SessionUpdate(
                        FakeControlPlane.SESSION,
                        "TERMINATED",
                        null,
                        null,
                        null,
                        "An administrator ended the session."));
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("An administrator ended the session.");
        await(() -> media.openTunnels.get() == 0);
    }

    @Test
    void a_used_address_locks_everybody_else_out() {
        String used = address.get();
        page.navigate(used);
        assertThat(button("Sign in")).isVisible();
        try (BrowserContext other = browser.newContext()) {
            Page second = other.newPage();
            second.navigate(used);
            assertThat(second.getByText("This page is locked")).isVisible();
        }
    }
}
