// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.nvremote.client.FakeControlPlane;
import org.junit.jupiter.api.Test;

/** Orders of leaving and coming in which the browser's history, which moves in its own time, and the session could part. */
class PageHistoryTest extends BrowserTest {

    private static final String STREAM = "/stream/" + FakeControlPlane.ONLINE;

    @Test
    void who_connects_again_before_the_browser_has_left_the_stream_stays_connected() {
        // As a busy browser does: what was asked of the history happens later.
        page.addInitScript("""
                const real = history.back.bind(history);
                history.back = () => { window.asked = true; };
                window.leave = () => { real(); };
                window.addEventListener('popstate', () => { window.left = true; });""");
        watch();
        disconnect();
        connect();
        assertThat(page.evaluate("window.asked")).isEqualTo(true);
        page.evaluate("window.leave()");
        await(() -> Boolean.TRUE.equals(page.evaluate("window.left")));
        staysOnTheStream(page);
        page.evaluate("delete history.back"); // the browser's own again
        leaves();
    }

    @Test
    void who_connects_again_at_once_stays_connected_each_time() {
        watch();
        for (int i = 0; i < 5; i++) {
            disconnect();
            connect();
        }
        staysOnTheStream(page);
        leaves();
    }

    @Test
    void back_forward_and_connect_lead_to_the_stream_and_back_out_of_it() {
        watch();
        page.goBack();
        page.goForward();
        connect();
        staysOnTheStream(page);
        leaves();
        page.goForward();
        await(() -> page.url().endsWith("/hosts")); // an address of a stream that is over shows nothing of its own
    }

    @Test
    void a_page_loaded_again_while_it_connects_shows_the_stream() {
        page.navigate(address.get());
        signIn();
        page.getByRole(AriaRole.BUTTON, named("Connect to workstation-7")).click();
        page.reload();
        staysOnTheStream(page);
        leaves();
    }

    @Test
    void connect_pressed_twice_is_one_session() {
        page.navigate(address.get());
        signIn();
        page.getByRole(AriaRole.BUTTON, named("Connect to workstation-7")).dblclick();
        staysOnTheStream(page);
        leaves();
    }

    @Test
    void two_pages_leave_and_come_together() {
        watch();
        Page other = context.newPage();
        other.navigate(server.origin());
        staysOnTheStream(other);
        disconnect();
        assertThat(other.getByRole(AriaRole.HEADING, named2("Hosts"))).isVisible();
        connect();
        staysOnTheStream(page);
        staysOnTheStream(other);
        other.goBack();
        await(() -> media.openTunnels.get() == 0 && page.url().endsWith("/hosts"));
        await(() -> other.url().endsWith("/hosts"));
    }

    /** By the keys, since the bar may have hidden. */
    private void disconnect() {
        page.bringToFront();
        page.getByRole(AriaRole.APPLICATION).focus();
        page.keyboard().press("Control+Alt+Shift+KeyQ");
    }

    private void connect() {
        Locator button = page.getByRole(AriaRole.BUTTON, named("Connect to workstation-7"));
        button.click();
        assertThat(page.getByRole(AriaRole.APPLICATION)).isVisible();
    }

    private void staysOnTheStream(Page on) {
        assertThat(on.getByRole(AriaRole.APPLICATION)).isVisible();
        await(() -> on.url().endsWith(STREAM));
        // What an event of the history asked for was asked before this.
        await(() -> (Boolean)
                on.evaluate("fetch('/api/state').then(r => r.json()).then(s => s.connection?.phase === 'streaming')"));
        assertThat(on.getByRole(AriaRole.APPLICATION)).isVisible();
        assertThat(on.url()).endsWith(STREAM);
        assertThat(media.openTunnels.get()).isOne();
    }

    /** Back leads out of the stream to the hosts. */
    private void leaves() {
        page.goBack();
        assertThat(page.getByRole(AriaRole.HEADING, named2("Hosts"))).isVisible();
        await(() -> media.openTunnels.get() == 0 && page.url().endsWith("/hosts"));
        assertThat(consoleErrors).isEmpty();
    }
}
