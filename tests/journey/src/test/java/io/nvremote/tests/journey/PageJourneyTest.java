// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.journey;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.nvremote.tests.kit.Checkout;
import io.nvremote.tests.kit.DemoProcess;
import io.nvremote.tests.kit.Proof;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new user does: {@code ./nvremote demo}, the address it prints, a browser, a real screen, and Ctrl-C. */
class PageJourneyTest {

    private static final LocatorAssertions.IsVisibleOptions SOON =
            new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);
    /** Of the host's 1280×720 screen: the first lines of its terminal. */
    private static final List<Integer> TERMINAL = List.of(40, 40, 400, 60);

    @TempDir
    Path work;

    @Test
    void a_person_signs_in_sees_the_host_works_on_its_screen_and_ctrl_c_leaves_nothing() throws Exception {
        Path chromium = Path.of("/usr/bin/chromium");
        Proof.needs(Files.isExecutable(chromium), "the page of a real demo in a browser", "chromium");
        Proof.needsCommand("Xvfb", "the demo's own screen", "xvfb");
        Proof.needsCommand("xterm", "typing into the demo's screen", "xterm");
        Path temporary = work.resolve("temporary");
        List<ProcessHandle> family;
        URI address;
        try (DemoProcess demo = DemoProcess.startForAPerson(work, temporary, "--capture", "x11");
                Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(chromium)
                                .setArgs(List.of("--no-sandbox", "--disable-gpu", "--no-first-run")))) {
            address = URI.create(demo.pageAddress());
            Page page = browser.newPage(
                    new Browser.NewPageOptions().setViewportSize(1280, 720).setColorScheme(ColorScheme.DARK));
            List<String> errors = new ArrayList<>();
            page.onConsoleMessage(m -> {
                if (m.type().equals("error")) {
                    errors.add(m.text());
                }
            });
            page.onPageError(errors::add);
            try {
                signIn(page, address);
                connect(page);
                watchTypeAndClick(page, demo);
                disconnect(page, demo);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(e.getMessage() + "\n" + errors + "\n" + demo.steps(), e);
            }
            assertThat(errors).isEmpty();
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

    private static void signIn(Page page, URI address) {
        page.navigate(address.toString());
        button(page, "Sign in").click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Ada Lovelace"))
                .click();
        Locator host = page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("demo-host"));
        assertThat(host).isVisible(SOON);
        assertThat(host).containsText(Pattern.compile("online", Pattern.CASE_INSENSITIVE));
        // Live figures of this machine: from the host's heartbeat, through the control plane.
        assertThat(host)
                .containsText(
                        Pattern.compile("CPU\\s*\\d+ %"),
                        new LocatorAssertions.ContainsTextOptions().setTimeout(60_000));
    }

    private static void connect(Page page) {
        page.evaluate("""
                () => { window.steps = new Set(); new MutationObserver(() => {
                    for (const row of document.querySelectorAll('[data-step]')) window.steps.add(row.dataset.step);
                  }).observe(document.body, {subtree: true, childList: true, attributes: true}); }""");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Connect to demo-host"))
                .click();
        assertThat(page.getByRole(AriaRole.APPLICATION)).isVisible(SOON);
        assertThat((String) page.evaluate("[...window.steps].sort().join()")).isEqualTo("keys,session,stream,tunnel");
    }

    private static void watchTypeAndClick(Page page, DemoProcess demo) throws IOException {
        await(page, () -> (Boolean) page.evaluate("document.querySelector('video')?.videoWidth === 1280"));
        String before = settled(page);
        page.getByRole(AriaRole.APPLICATION).focus();
        page.keyboard().type("nvremote works on this screen");
        page.keyboard().press("Enter");
        await(page, () -> !picture(page).equals(before));
        String typed = settled(page);
        page.mouse().dblclick(70, 50); // a terminal marks the word under a double click
        await(page, () -> !picture(page).equals(typed));
        await(page, () -> inputs(demo.session()) > 30);

        // The figures are of this stream, and the direct path was found.
        Locator bar = page.getByRole(AriaRole.TOOLBAR);
        await(page, () -> bar.textContent().contains("Direct"));
        page.mouse().move(100, 400); // without a window manager keys go to the window under the pointer
        await(page, () -> {
            page.keyboard().type("frames "); // a screen at rest has none
            return bar.textContent().matches("(?s).*[1-9]\\d* /s.*");
        });
        page.keyboard().press("Enter");
        page.mouse().move(640, 10);
        button(page, "Stages").click();
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

    private static void disconnect(Page page, DemoProcess demo) {
        button(page, "Disconnect").click();
        assertThat(page.getByRole(
                        AriaRole.HEADING,
                        new Page.GetByRoleOptions().setName("Hosts").setExact(true)))
                .isVisible();
        await(page, () -> demo.session() == null);
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

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Waits for something that another thread or process does; generous, since it says nothing about speed. */
    private static void await(Page page, BooleanSupplier done) {
        boolean seen = done.getAsBoolean();
        for (int i = 0; i < 600 && !seen; i++) {
            page.waitForTimeout(50);
            seen = done.getAsBoolean();
        }
        assertThat(seen).isTrue();
    }
}
