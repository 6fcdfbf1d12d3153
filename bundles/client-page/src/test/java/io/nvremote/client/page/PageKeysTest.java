// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import io.nvremote.client.FakeControlPlane;
import io.nvremote.input.InputEvent;
import io.nvremote.signaling.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys, buttons and pointer from a real browser to the host, and what becomes of them when something breaks. */
class PageKeysTest extends BrowserTest {

    private static final InputEvent.Key A_DOWN = new InputEvent.Key(4, true);
    private static final InputEvent.Key A_UP = new InputEvent.Key(4, false);
    private static final InputEvent.ReleaseAll ALL_UP = new InputEvent.ReleaseAll();

    @Test
    void a_key_repeats_as_the_browser_repeats_it() {
        watch().focus();
        for (int i = 0; i < 5; i++) {
            page.keyboard().down("a");
        }
        page.keyboard().up("a");
        await(() -> media.inputs.contains(A_UP));
        assertThat(media.inputs).filteredOn(A_DOWN::equals).hasSize(5);
    }

    @Test
    void a_page_that_holds_something_says_that_it_lives_and_one_that_stalls_holds_nothing() {
        watch().focus();
        page.keyboard().down("a");
        page.mouse().down();
        await(() -> media.inputs.contains(new InputEvent.Button(1, true)));
        int pings = media.pings.get();
        await(() -> media.pings.get() > pings + 8); // the host hears that we live while something is held
        page.evaluate(
                "setTimeout(() => { const end = performance.now() + 4000; while (performance.now() < end); }, 0)");
        await(() -> media.inputs.getLast().equals(ALL_UP));
    }

    @Test
    void what_is_held_goes_up_when_the_page_closes() {
        watch().focus();
        page.keyboard().down("a");
        await(() -> media.inputs.contains(A_DOWN));
        context.close();
        awaitQuietly(() -> media.inputs.getLast().equals(ALL_UP));
    }

    @Test
    void what_is_typed_while_the_page_says_silent_is_never_delivered() {
        Locator stage = watch();
        stage.focus();
        media.answering = false;
        media.playing = false;
        await(() -> page.getByText("Reconnecting").isVisible());
        stage.focus();
        page.keyboard().type("rm");
        page.mouse().click(640, 400);
        page.mouse().wheel(0, 100);
        media.answering = true;
        media.playing = true;
        await(() -> !page.getByText("Reconnecting").isVisible());
        page.keyboard().press("a");
        await(() -> media.inputs.contains(A_UP));
        assertThat(media.inputs).doesNotContain(new InputEvent.Key(0x15, true), new InputEvent.Key(0x10, true));
        assertThat(media.inputs).noneMatch(e -> e instanceof InputEvent.Button || e instanceof InputEvent.Wheel);
    }

    @Test
    void keys_as_browsers_really_say_them_leave_nothing_down() {
        watch().focus();
        CDPSession browserKeys = context.newCDPSession(page);
        // macOS: no keyup of what was pressed with Command. Windows: AltGr with a made-up Control. Korean: no keyup at
        // all.
        key(browserKeys, true, "MetaLeft", "Meta", 4);
        key(browserKeys, true, "KeyC", "c", 4);
        key(browserKeys, false, "MetaLeft", "Meta", 0);
        key(browserKeys, true, "ControlLeft", "Control", 2);
        key(browserKeys, true, "AltRight", "AltGraph", 3);
        key(browserKeys, true, "KeyQ", "@", 3);
        key(browserKeys, false, "KeyQ", "@", 3);
        key(browserKeys, false, "ControlLeft", "Control", 1);
        key(browserKeys, false, "AltRight", "AltGraph", 0);
        key(browserKeys, true, "Lang1", "HangulMode", 0);
        key(browserKeys, true, "Lang1", "HangulMode", 0);
        key(browserKeys, false, "PrintScreen", "PrintScreen", 0);
        key(browserKeys, true, "", "é", 0);
        await(() -> media.inputs.contains(new InputEvent.Text("é")));
        List<InputEvent.Key> keys = media.inputs.stream()
                .filter(InputEvent.Key.class::isInstance)
                .map(InputEvent.Key.class::cast)
                .toList();
        assertThat(keys).noneMatch(k -> k.hidUsage() == 0xE0);
        for (int usage : new int[] {0xE3, 0x06, 0xE6, 0x14, 0x90, 0x46}) {
            long down =
                    keys.stream().filter(k -> k.hidUsage() == usage && k.down()).count();
            long up = keys.stream()
                    .filter(k -> k.hidUsage() == usage && !k.down())
                    .count();
            assertThat(up).as("usage " + usage).isEqualTo(down).isPositive();
        }
    }

    @Test
    void edges_and_corners_of_the_picture_are_reached_exactly() {
        watch(); // 1280×720 in a window of 1280×800: 40 pixels of black above and below
        int[][] places = {{0, 40, 0, 0}, {1279, 40, 65535, 0}, {0, 759, 0, 65535}, {1279, 759, 65535, 65535}};
        for (int[] p : places) {
            page.mouse().move(p[0], p[1]);
            await(() -> media.inputs.contains(new InputEvent.PointerTo(p[2], p[3])));
        }
    }

    @Test
    void the_hosts_pointer_is_the_pages_own_cursor_also_after_a_reload() {
        watch();
        String shown = "document.querySelector('[role=application]')?.style.cursor.includes('data:image/png') === true";
        await(() -> (Boolean) page.evaluate(shown));
        page.reload();
        await(() -> (Boolean) page.evaluate(shown));
    }

    @Test
    void the_systems_keys_are_given_back_when_full_screen_is_left() {
        lockedInFullScreen();
        page.evaluate("document.exitFullscreen()"); // as Escape does it, which no page sees
        await(this::unlocked);
        fullScreen();
        await(this::locked);
        button("Full screen").click();
        await(this::unlocked);
    }

    @Test
    void the_systems_keys_are_given_back_when_the_session_ends() {
        lockedInFullScreen();
        told(new Signal.SessionUpdate(FakeControlPlane.SESSION, "TERMINATED", null, null, null, "admin_force"));
        await(() -> page.getByRole(AriaRole.DIALOG).isVisible());
        await(this::unlocked);
    }

    @Test
    void the_systems_keys_are_given_back_while_the_host_is_silent_and_taken_again_after() {
        lockedInFullScreen();
        media.answering = false;
        media.playing = false;
        await(() -> page.getByText("Reconnecting").isVisible());
        await(this::unlocked);
        assertThat(page.evaluate("document.fullscreenElement !== null")).isEqualTo(true);
        media.answering = true;
        media.playing = true;
        await(this::locked);
        server.close(); // and for a client that is gone
        await(this::unlocked);
    }

    @Test
    void the_pointer_is_given_back_while_the_host_is_silent_and_when_the_client_is_gone() {
        Locator stage = watch();
        stage.focus();
        page.keyboard().press("Control+Alt+Shift+M");
        await(this::pointerKept);
        media.answering = false;
        media.playing = false;
        await(() -> page.getByText("Reconnecting").isVisible());
        await(() -> !pointerKept());
        media.answering = true;
        media.playing = true;
        await(() -> !page.getByText("Reconnecting").isVisible());
        stage.focus();
        page.keyboard().press("Control+Alt+Shift+M");
        await(this::pointerKept);
        server.close();
        await(() -> !pointerKept());
    }

    private boolean pointerKept() {
        return (Boolean) page.evaluate("document.pointerLockElement !== null");
    }

    /** Watches in full screen, with each call to take or give back the keyboard noted on its way to the browser. */
    private void lockedInFullScreen() {
        page.addInitScript("""
                window.keyboardCalls = [];
                for (const name of ['lock', 'unlock']) {
                  const real = Keyboard.prototype[name];
                  Keyboard.prototype[name] = function (...args) { keyboardCalls.push(name); return real.apply(this, args); };
                }""");
        watch();
        fullScreen();
        await(this::locked);
    }

    private boolean locked() {
        return "lock".equals(page.evaluate("keyboardCalls.at(-1)"));
    }

    private boolean unlocked() {
        return "unlock".equals(page.evaluate("keyboardCalls.at(-1)"));
    }

    private static void key(CDPSession to, boolean down, String code, String key, int modifiers) {
        JsonObject event = new JsonObject();
        event.addProperty("type", down ? "rawKeyDown" : "keyUp");
        event.addProperty("code", code);
        event.addProperty("key", key);
        event.addProperty("modifiers", modifiers);
        to.send("Input.dispatchKeyEvent", event);
    }
}
