// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.nvremote.client.Client;
import io.nvremote.client.FakeControlPlane;
import io.nvremote.client.FakeMedia;
import io.nvremote.core.Clock;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The real page in a real browser, served by the real loopback server; control plane and host are stand-ins. */
abstract class BrowserTest {

    static final Path PICTURES = Path.of("target", "pictures");
    /** Says nothing about speed: how long a state may take to come on a machine that has much else to do. */
    static final int PATIENCE_MILLIS = 120_000;

    static Playwright playwright;
    static Browser browser;
    static List<byte[]> clip;
    static List<byte[]> av1Clip;

    final AtomicReference<String> address = new AtomicReference<>("");
    final List<String> consoleErrors = new ArrayList<>();
    FakeControlPlane control;
    FakeMedia media;
    Client client;
    LoopbackServer server;
    BrowserContext context;
    Page page;

    @BeforeAll
    static void startBrowser(@TempDir Path folder) throws Exception {
        Path chromium = Path.of("/usr/bin/chromium");
        if (!Files.isExecutable(chromium)) {
            Clips.missing("the page in a browser", "chromium");
        }
        clip = Clips.testPattern(folder);
        av1Clip = Clips.av1(folder);
        Files.createDirectories(PICTURES);
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    @AfterAll
    static void stopBrowser() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        control = new FakeControlPlane();
        media = new FakeMedia(clip);
        client = media.client(control);
        server = new LoopbackServer(
                0,
                client,
                BrowserTest::asset,
                new LoopbackServer.PageDoor(
                        Path.of("/run/user/page-url.txt"), address::set, List.of("127.0.0.1"), leftAfter()));
        context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(1280, 800).setColorScheme(ColorScheme.DARK));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        page = context.newPage();
        page.onConsoleMessage(m -> {
            if (m.type().equals("error")) {
                consoleErrors.add(m.text());
            }
        });
        page.onPageError(consoleErrors::add);
    }

    /** How long a session stays after the last page was closed. */
    Duration leftAfter() {
        return Duration.ofMinutes(5);
    }

    @AfterEach
    void stop() {
        context.close();
        server.close();
        client.close();
        control.close();
    }

    static byte[] asset(String name) {
        try (InputStream in = BrowserTest.class.getResourceAsStream("/web/" + name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void signIn() {
        button("Sign in").click();
        page.getByRole(AriaRole.BUTTON, named("Ada")).click();
        assertThat(page.getByRole(AriaRole.HEADING, named2("Hosts"))).isVisible();
        assertThat(page.getByText("workstation-7")).isVisible();
    }

    /** WCAG 2.2 A and AA by axe, in both themes, and no sideways scrolling on a phone; leaves a picture of each theme. */
    void accessible(String name) {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(PICTURES.resolve(name + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + ".png")));
            var results = new AxeBuilder(page)
                    .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"))
                    .analyze();
            assertThat(results.getViolations())
                    .as(name + " " + scheme + ": " + results.getViolations())
                    .isEmpty();
        }
        page.setViewportSize(360, 740);
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= 360"))
                .as(name + " needs no sideways scrolling on a phone")
                .isTrue();
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + "-phone.png")));
        page.setViewportSize(1280, 800);
    }

    boolean pictureVaries() {
        return (Boolean) page.evaluate("""
                () => { const v = document.querySelector('video'); const c = document.createElement('canvas');
                  c.width = 64; c.height = 36; const g = c.getContext('2d'); g.drawImage(v, 0, 0, 64, 36);
                  const d = g.getImageData(0, 0, 64, 36).data; const seen = new Set();
                  for (let i = 0; i < d.length; i += 4) seen.add((d[i] >> 5) + '-' + (d[i+1] >> 5) + '-' + (d[i+2] >> 5));
                  return seen.size > 12; }""");
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    static Page.GetByRoleOptions named2(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    /** Waits for something that another thread does; generous, since it says nothing about speed. */
    void await(BooleanSupplier done) {
        boolean seen = done.getAsBoolean();
        for (int i = 0; i < PATIENCE_MILLIS / 50 && !seen; i++) {
            page.waitForTimeout(50);
            seen = done.getAsBoolean();
        }
        assertThat(seen).isTrue();
    }

    /** A click lets a page have full screen for five seconds, in which a machine under load may not get to ask: as a person would, again. */
    void fullScreen() {
        for (int i = 0; i < 5 && !isFullScreen(); i++) {
            button("Full screen").click();
            for (int k = 0; k < 300 && !isFullScreen(); k++) {
                page.waitForTimeout(50);
            }
        }
        assertThat(isFullScreen()).isTrue();
    }

    boolean isFullScreen() {
        return (Boolean) page.evaluate("document.fullscreenElement !== null");
    }

    /** Signs in and connects; the picture is there then. */
    Locator watch() {
        page.navigate(address.get());
        signIn();
        page.getByRole(AriaRole.BUTTON, named("Connect to workstation-7")).click();
        Locator stage = page.getByRole(AriaRole.APPLICATION);
        assertThat(stage).isVisible();
        await(() -> (Boolean) page.evaluate("document.querySelector('video')?.videoWidth === 1280"));
        return stage;
    }

    /** As {@link #await}, where there is no page any more to wait in. */
    static void awaitQuietly(BooleanSupplier done) {
        for (int i = 0; i < 400 && !done.getAsBoolean(); i++) {
            Clock.system().sleep(Duration.ofMillis(50));
        }
        assertThat(done.getAsBoolean()).isTrue();
    }

    /** What the control plane says on its channel. */
    void told(Signal signal) {
        media.channel.received(
                new SignalDialer.SignalLink() {
                    @Override
                    public boolean send(Signal sent) {
                        return false;
                    }

                    @Override
                    public void close() {}
                },
                signal);
    }
}
