// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.journey;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.nvremote.tests.kit.Proof;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** The page of a demo in a real browser, as its person sees it. */
final class DemoPage implements AutoCloseable {

    static final LocatorAssertions.IsVisibleOptions SOON = new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    final Page page;
    /** What the browser complained of. */
    final List<String> errors = new ArrayList<>();

    private final Playwright playwright;
    private final Browser browser;

    DemoPage() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--no-first-run")));
        page = browser.newContext(new Browser.NewContextOptions()
                        .setViewportSize(1280, 720)
                        .setColorScheme(ColorScheme.DARK))
                .newPage();
        page.onConsoleMessage(m -> {
            if (m.type().equals("error")) {
                errors.add(m.text());
            }
        });
        page.onPageError(errors::add);
    }

    /** What such a test needs of the machine. */
    static void needs() {
        Proof.needs(Files.isExecutable(CHROMIUM), "the page of a real demo in a browser", "chromium");
        Proof.needsCommand("Xvfb", "the demo's own screen", "xvfb");
        Proof.needsCommand("xterm", "what the demo's screen shows", "xterm");
    }

    void signIn(URI address) {
        page.navigate(address.toString());
        button("Sign in").click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Ada Lovelace"))
                .click();
        Locator host = page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("demo-host"));
        assertThat(host).isVisible(SOON);
        assertThat(host).containsText(Pattern.compile("online", Pattern.CASE_INSENSITIVE));
    }

    /** As soon as the page offers it. */
    void connect() {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Connect to demo-host"))
                .click(new Locator.ClickOptions().setTimeout(60_000));
        assertThat(stage()).isVisible(SOON);
    }

    /** Whether the terminal's white is seen, anywhere in the middle of the picture. */
    static boolean bright(Page page) {
        return (Boolean) page.evaluate("""
                () => { const v = document.querySelector('video'); if (v === null || v.videoWidth !== 1280) return false;
                  const c = document.createElement('canvas'); c.width = 64; c.height = 36;
                  const g = c.getContext('2d'); g.drawImage(v, 0, 0, 64, 36);
                  return g.getImageData(0, 0, 64, 36).data.some((value, i) => i % 4 === 1 && value > 128); }""");
    }

    /** By the keys, since the bar may have hidden. */
    void disconnect() {
        stage().focus();
        page.keyboard().press("Control+Alt+Shift+KeyQ");
        assertThat(page.getByRole(
                        AriaRole.HEADING,
                        new Page.GetByRoleOptions().setName("Hosts").setExact(true)))
                .isVisible();
    }

    Locator stage() {
        return page.getByRole(AriaRole.APPLICATION);
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Waits for something that another thread or process does; generous, since it says nothing about speed. */
    boolean comes(BooleanSupplier done) {
        boolean seen = done.getAsBoolean();
        for (int i = 0; i < 600 && !seen; i++) {
            page.waitForTimeout(50);
            seen = done.getAsBoolean();
        }
        return seen;
    }

    void await(BooleanSupplier done) {
        assertThat(comes(done)).isTrue();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
