// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.nvremote.core.Clock;
import io.nvremote.input.InputEvent;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.tunnel.PathPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real page in a real browser, served by the real loopback server; control plane and host are stand-ins. */
class PageTest {

    private static final Path PICTURES = Path.of("target", "pictures");
    private static Playwright playwright;
    private static Browser browser;
    private static List<byte[]> clip;

    private final AtomicReference<String> address = new AtomicReference<>("");
    private final List<String> consoleErrors = new ArrayList<>();
    private FakeControlPlane control;
    private FakeMedia media;
    private Client client;
    private LoopbackServer server;
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void startBrowser(@TempDir Path folder) throws Exception {
        Path chromium = Path.of("/usr/bin/chromium");
        if (!Files.isExecutable(chromium)) {
            Clips.missing("the page in a browser", "chromium");
        }
        clip = Clips.testPattern(folder);
        Files.createDirectories(PICTURES);
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
        client = new Client(
                new ControlPlane(control.base(), null),
                null,
                media,
                new StreamServices(media, media, Clock.system(), PathPolicy.AUTO));
        server = new LoopbackServer(0, client, PageTest::asset, address::set);
        context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(1280, 800).setColorScheme(ColorScheme.DARK));
        page = context.newPage();
        page.onConsoleMessage(m -> {
            if (m.type().equals("error")) {
                consoleErrors.add(m.text());
            }
        });
        page.onPageError(consoleErrors::add);
    }

    @AfterEach
    void stop() {
        context.close();
        server.close();
        client.close();
        control.close();
    }

    static byte[] asset(String name) {
        try (InputStream in = PageTest.class.getResourceAsStream("/web/" + name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

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
                new Signal.HostStatus(FakeControlPlane.ONLINE, "OFFLINE", null, 0, Instant.now()));
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

    private void signIn() {
        button("Sign in").click();
        page.getByRole(AriaRole.BUTTON, named("Ada")).click();
        assertThat(page.getByRole(AriaRole.HEADING, named2("Hosts"))).isVisible();
        assertThat(page.getByText("workstation-7")).isVisible();
    }

    /** WCAG 2.2 A and AA by axe, in both themes, and no sideways scrolling on a phone; leaves a picture of each theme. */
    private void accessible(String name) {
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

    private boolean pictureVaries() {
        return (Boolean) page.evaluate("""
                () => { const v = document.querySelector('video'); const c = document.createElement('canvas');
                  c.width = 64; c.height = 36; const g = c.getContext('2d'); g.drawImage(v, 0, 0, 64, 36);
                  const d = g.getImageData(0, 0, 64, 36).data; const seen = new Set();
                  for (let i = 0; i < d.length; i += 4) seen.add((d[i] >> 5) + '-' + (d[i+1] >> 5) + '-' + (d[i+2] >> 5));
                  return seen.size > 12; }""");
    }

    private Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    private static Page.GetByRoleOptions named2(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    /** Waits for something that another thread does; generous, since it says nothing about speed. */
    private void await(BooleanSupplier done) {
        boolean seen = done.getAsBoolean();
        for (int i = 0; i < 400 && !seen; i++) {
            page.waitForTimeout(50);
            seen = done.getAsBoolean();
        }
        assertThat(seen).isTrue();
    }
}
