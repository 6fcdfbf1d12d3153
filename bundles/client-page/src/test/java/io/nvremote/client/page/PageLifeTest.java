// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.nvremote.client.FakeControlPlane;
import io.nvremote.input.InputEvent;
import io.nvremote.signaling.Signal;
import io.nvremote.stream.StreamMessage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ways through the page and out of it, and what it says when things break. */
class PageLifeTest extends BrowserTest {

    @Test
    void keys_go_to_the_host_also_after_a_click_on_the_bar() {
        watch();
        button("Stages").click();
        page.keyboard().press("a");
        await(() -> media.inputs.contains(new InputEvent.Key(4, false)));
        button("Stages").click();
        page.keyboard().press("b");
        await(() -> media.inputs.contains(new InputEvent.Key(5, false)));
    }

    @Test
    void back_leads_out_of_the_stream_and_never_to_the_sign_in() {
        watch();
        assertThat(page.url()).contains("/stream/" + FakeControlPlane.ONLINE);
        assertThat(page.title()).contains("workstation-7");
        page.goBack();
        assertThat(page.getByRole(AriaRole.HEADING, named2("Hosts"))).isVisible();
        await(() -> media.openTunnels.get() == 0);
        assertThat(page.url()).endsWith("/hosts");
        page.goBack();
        assertThat(page.url()).doesNotStartWith(control.base().toString());
    }

    @Test
    void a_page_loaded_again_while_it_watches_does_not_touch_its_address() {
        page.addInitScript("""
                const real = history.back.bind(history);
                history.back = () => { window.wentBack = true; real(); };""");
        watch();
        page.reload();
        assertThat(page.getByRole(AriaRole.APPLICATION)).isVisible();
        await(() -> page.url().contains("/stream/"));
        assertThat(page.evaluate("window.wentBack")).isNull();
        assertThat(media.openTunnels.get()).isOne();
    }

    @Test
    void a_stream_is_not_closed_by_mistake_and_survives_a_reload() {
        watch().click();
        List<String> asked = new java.util.concurrent.CopyOnWriteArrayList<>();
        page.onDialog(dialog -> {
            asked.add(dialog.type());
            dialog.dismiss();
        });
        page.close(new Page.CloseOptions().setRunBeforeUnload(true));
        await(() -> asked.contains("beforeunload"));
        assertThat(media.openTunnels.get()).isOne();
        Page again = context.newPage();
        again.navigate(server.origin());
        assertThat(again.getByRole(AriaRole.APPLICATION)).isVisible();
        assertThat(again.url()).contains("/stream/");
    }

    @Test
    void who_leaves_finds_full_screen_left_and_the_keyboard_on_the_host_again() {
        Locator stage = watch();
        fullScreen();
        stage.focus();
        page.keyboard().press("Control+Alt+Shift+KeyQ");
        assertThat(page.getByRole(AriaRole.BUTTON, named("Connect to workstation-7")))
                .isFocused();
        await(() -> !isFullScreen());
    }

    @Test
    void a_client_that_was_killed_leaves_no_bright_picture_and_no_dead_button() {
        watch();
        server.close();
        assertThat(page.getByText("client on this machine has stopped")).isVisible();
        assertThat(button("Disconnect")).isDisabled();
        assertThat(page.locator("[role=application].opacity-25")).hasCount(1);
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("gone.png")));
    }

    @Test
    void every_state_of_a_host_is_shown_also_one_that_is_not_known() {
        page.navigate(address.get());
        signIn();
        told(new Signal.HostStatus(FakeControlPlane.ONLINE, "MAINTENANCE", null, 0, Instant.now(), null, null));
        Locator card =
                page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("workstation-7"));
        assertThat(card).containsText("Maintenance");
        assertThat(card.getByRole(AriaRole.BUTTON)).isDisabled();
        accessible("maintenance");
        told(new Signal.HostStatus(FakeControlPlane.ONLINE, "HIBERNATING", null, 0, Instant.now(), null, null));
        assertThat(card).containsText("Unknown");
        assertThat(consoleErrors).isEmpty();
    }

    @Test
    void a_fault_of_the_page_is_said_and_not_a_blank_window() {
        page.route(
                "**/api/state",
                route -> route.fulfill(new com.microsoft.playwright.Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody("{\"signed_in\":true,\"hosts\":7,\"connection\":null,\"user\":null}")));
        page.navigate(address.get());
        assertThat(page.getByText("This page has a fault")).isVisible();
        assertThat(button("Load again")).isVisible();
    }

    @Test
    void a_lost_stream_says_so_and_comes_back_by_itself() {
        watch();
        media.answering = false;
        media.playing = false;
        assertThat(page.getByText("Reconnecting")).isVisible();
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("reconnecting.png")));
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog.getByText("Connection lost after")).isVisible();
        assertThat(dialog).not().containsText("Could not connect");
        accessible("lost");
        media.answering = true;
        media.playing = true;
        assertThat(page.getByRole(AriaRole.APPLICATION)).isVisible();
    }

    @Test
    void reasons_of_the_server_are_said_in_words() {
        watch();
        told(new Signal.SessionUpdate(FakeControlPlane.SESSION, "TERMINATED", null, null, null, "user_disconnect"));
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog.getByText("You left, here or in another window.")).isVisible();
        assertThat(dialog.getByText("user_disconnect")).isHidden();
        accessible("ended");
    }

    @Test
    void long_names_stay_in_their_places() {
        media.name = "W".repeat(180);
        page.navigate(address.get());
        button("Sign in").click();
        page.getByRole(AriaRole.BUTTON, named("Ada")).click();
        assertThat(page.getByRole(AriaRole.HEADING, named2("Hosts"))).isVisible();
        assertThat(page.getByText("Linux 6.1")).isVisible();
        accessible("long");
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= 1280"))
                .isTrue();
        page.getByRole(AriaRole.BUTTON, named("Connect to WWW")).click();
        assertThat(page.getByRole(AriaRole.APPLICATION)).isVisible();
        assertThat(page.getByRole(AriaRole.TOOLBAR).boundingBox().height).isLessThan(120);
    }

    @Test
    void figures_do_not_contradict_each_other() {
        watch();
        button("Stages").click();
        Locator table = page.getByRole(AriaRole.TABLE);
        assertThat(table).isVisible();
        String sum = """
                (() => { const cells = [...document.querySelectorAll('table td')].map(c => parseFloat(c.textContent));
                  const total = cells.pop(); return Math.abs(cells.reduce((a, b) => a + b, 0) - total) <= 4; })()""";
        assertThat((Boolean) page.evaluate(sum)).isTrue();
        media.playing = false; // the screen is at rest; the host answers
        assertThat(page.locator("[data-figures]").getByText("Screen is still")).isVisible();
        assertThat(page.getByText("Reconnecting")).isHidden();
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("details.png")));
    }

    @Test
    void what_is_wrong_at_the_host_is_said_over_the_picture_and_goes_when_it_is_over() {
        watch();
        media.tell(new StreamMessage.Trouble("SOURCE_UNAVAILABLE", "no X server answers at :0"));
        assertThat(page.getByText("has no screen to show")).isVisible();
        media.tell(StreamMessage.Trouble.NONE);
        assertThat(page.getByText("has no screen to show")).hasCount(0);
    }

    @Test
    void a_decoder_that_failed_is_not_complained_of_when_it_works_again() {
        watch();
        media.broken = true;
        assertThat(page.getByText("This browser can't show the picture")).isVisible();
        media.broken = false;
        assertThat(page.getByText("This browser can't show the picture")).hasCount(0);
    }

    @Test
    void a_finger_moves_the_pointer_and_taps() {
        watch();
        CDPSession device = context.newCDPSession(page);
        touch(device, "touchStart", 300, 300);
        for (int x = 320; x <= 400; x += 20) {
            touch(device, "touchMove", x, 300);
        }
        touch(device, "touchEnd", -1, -1);
        await(() -> media.inputs.stream().anyMatch(e -> e instanceof InputEvent.PointerBy(int dx, int dy) && dx > 0));
        touch(device, "touchStart", 500, 300);
        touch(device, "touchEnd", -1, -1);
        await(() -> media.inputs.contains(new InputEvent.Button(1, false)));
        assertThat(media.inputs).noneMatch(InputEvent.PointerTo.class::isInstance);
    }

    @Test
    void a_locked_page_says_where_the_address_is_that_works() {
        page.navigate(server.origin());
        assertThat(page.getByText("This page is locked")).isVisible();
        assertThat(page.getByText("/run/user/page-url.txt")).isVisible();
    }

    private static void touch(CDPSession to, String type, int x, int y) {
        JsonArray points = new JsonArray();
        if (x >= 0) {
            JsonObject point = new JsonObject();
            point.addProperty("x", x);
            point.addProperty("y", y);
            points.add(point);
        }
        JsonObject event = new JsonObject();
        event.addProperty("type", type);
        event.add("touchPoints", points);
        to.send("Input.dispatchTouchEvent", event);
    }
}
