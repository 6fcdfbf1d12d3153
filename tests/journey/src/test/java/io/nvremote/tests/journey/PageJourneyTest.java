// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.journey;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.nvremote.tests.kit.Checkout;
import io.nvremote.tests.kit.DemoProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new user does: {@code ./nvremote demo}, the address it prints, a browser, a real screen, and Ctrl-C. */
class PageJourneyTest {

    /** Of the host's 1280×720 screen: the first lines of its terminal. */
    private static final List<Integer> TERMINAL = List.of(40, 40, 400, 60);

    @TempDir
    Path work;

    @Test
    void a_person_signs_in_sees_the_host_works_on_its_screen_and_ctrl_c_leaves_nothing() throws Exception {
        DemoPage.needs();
        Path temporary = work.resolve("far down".repeat(15)); // further than the name of a socket reaches
        List<ProcessHandle> family;
        URI address;
        try (DemoProcess demo = DemoProcess.startForAPerson(work, temporary, "--capture", "x11");
                DemoPage person = new DemoPage()) {
            address = URI.create(demo.pageAddress());
            try {
                signIn(person, address);
                connect(person);
                watchTypeAndClick(person, demo);
                person.disconnect();
                person.await(() -> demo.session() == null);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(e.getMessage() + "\n" + person.errors + "\n" + demo.steps(), e);
            }
            assertThat(person.errors).isEmpty();
            family = demo.family();
            assertThat(family).hasSizeGreaterThan(6);
            assertThat(demo.interrupt()).isIn(0, 130);
        }
        for (ProcessHandle one : family) {
            // What runs in the terminal ends when the terminal does, a moment later.
            assertThat(one.onExit()).as(family + ": " + one).succeedsWithin(Duration.ofSeconds(10));
        }
        assertThat(temporary).isEmptyDirectory();
        assertThatThrownBy(() -> new Socket()
                        .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()), 1000))
                .isInstanceOf(IOException.class);
    }

    private static void signIn(DemoPage person, URI address) {
        person.signIn(address);
        // Live figures of this machine: from the host's heartbeat, through the control plane.
        assertThat(person.page.getByRole(AriaRole.LISTITEM))
                .containsText(
                        Pattern.compile("CPU\\s*\\d+ %"),
                        new LocatorAssertions.ContainsTextOptions().setTimeout(60_000));
    }

    private static void connect(DemoPage person) {
        person.page.evaluate("""
                () => { window.steps = new Set(); new MutationObserver(() => {
                    for (const row of document.querySelectorAll('[data-step]')) window.steps.add(row.dataset.step);
                  }).observe(document.body, {subtree: true, childList: true, attributes: true}); }""");
        person.connect();
        assertThat((String) person.page.evaluate("[...window.steps].sort().join()"))
                .isEqualTo("keys,session,stream,tunnel");
    }

    private static void watchTypeAndClick(DemoPage person, DemoProcess demo) throws IOException {
        Page page = person.page;
        person.await(() -> (Boolean) page.evaluate("document.querySelector('video')?.videoWidth === 1280"));
        String before = settled(page);
        page.getByRole(AriaRole.APPLICATION).focus();
        page.keyboard().type("nvremote works on this screen");
        page.keyboard().press("Enter");
        person.await(() -> !picture(page).equals(before));
        String typed = settled(page);
        page.mouse().dblclick(70, 50); // a terminal marks the word under a double click
        person.await(() -> !picture(page).equals(typed));
        person.await(() -> inputs(demo.session()) > 30);

        // The figures are of this stream, and the direct path was found.
        Locator bar = page.getByRole(AriaRole.TOOLBAR);
        person.await(() -> bar.textContent().contains("Direct"));
        page.mouse().move(100, 400); // without a window manager keys go to the window under the pointer
        person.await(() -> {
            page.keyboard().type("frames "); // a screen at rest has none
            return bar.textContent().matches("(?s).*[1-9]\\d* /s.*");
        });
        page.keyboard().press("Enter");
        page.mouse().move(640, 10);
        person.button("Stages").click();
        assertThat(page.getByRole(AriaRole.TABLE)).isVisible();
        page.getByRole(AriaRole.APPLICATION).focus();
        page.mouse().move(100, 400);
        page.keyboard()
                .type(
                        "This terminal runs on the host.\nEach key and each picture goes through the tunnel.\n",
                        new Keyboard.TypeOptions().setDelay(30));
        Path shot = Files.createDirectories(Path.of("target", "pictures")).resolve("page.png");
        page.screenshot(new Page.ScreenshotOptions().setPath(shot));
        if (Boolean.getBoolean("docs.write")) {
            Files.copy(shot, Checkout.root().resolve("docs/page.png"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static long inputs(JsonNode session) {
        return session == null ? 0 : session.at("/tracks/input/inputs").asLong();
    }

    /** The terminal's part of the shown picture, coarse enough to be deaf to the encoder's noise. */
    private static String picture(Page page) {
        return (String) page.evaluate("""
                ([x, y, w, h]) => { const v = document.querySelector('video'); const c = document.createElement('canvas');
                  c.width = w; c.height = h; const g = c.getContext('2d'); g.drawImage(v, x, y, w, h, 0, 0, w, h);
                  const d = g.getImageData(0, 0, w, h).data; let text = '';
                  for (let cy = 0; cy < h; cy += 10) for (let cx = 0; cx < w; cx += 10) { let sum = 0;
                    for (let i = 0; i < 10; i++) for (let j = 0; j < 10; j++) sum += d[((cy + i) * w + cx + j) * 4 + 1];
                    text += Math.round(sum / 100 / 64); } return text; }""", TERMINAL);
    }

    /** The picture once it has been the same for a while. */
    private static String settled(Page page) {
        String last = picture(page);
        for (int same = 0; same < 5; ) {
            page.waitForTimeout(200);
            String next = picture(page);
            same = next.equals(last) ? same + 1 : 0;
            last = next;
        }
        return last;
    }
}
