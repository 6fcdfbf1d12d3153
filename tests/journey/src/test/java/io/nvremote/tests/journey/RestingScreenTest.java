// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.nvremote.tests.kit.DemoProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A screen on which nothing changes: its picture and its pointer are told once, so whoever comes late hears of them only if somebody
 * says them again.
 */
class RestingScreenTest {

    private static final int CONNECTS = Boolean.getBoolean("nvremote.long") ? 44 : 6;

    @TempDir
    Path work;

    @Test
    void picture_and_pointer_are_there_after_every_connect_and_every_reload() throws Exception {
        DemoPage.needs();
        List<String> black = new ArrayList<>();
        List<String> bare = new ArrayList<>();
        try (DemoProcess demo = DemoProcess.startForAPerson(work, work.resolve("temporary"), "--capture", "x11");
                DemoPage person = new DemoPage()) {
            try {
                person.signIn(URI.create(demo.pageAddress()));
                rest(demo);
                for (int i = 1; i <= CONNECTS; i++) {
                    person.connect();
                    look(person, "connect " + i, black, bare);
                    person.page.reload();
                    person.await(() -> person.stage().isVisible());
                    look(person, "reload " + i, black, bare);
                    person.disconnect();
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(e.getMessage() + "\n" + person.errors + "\n" + demo.steps(), e);
            }
            assertThat(black).as("black, of " + CONNECTS + " connects").isEmpty();
            assertThat(bare).as("without pointer, of " + CONNECTS + " connects").isEmpty();
            assertThat(person.errors).isEmpty();
        }
    }

    /** The demo's clock would repair a lost picture within a second. */
    private static void rest(DemoProcess demo) {
        for (ProcessHandle one : demo.family()) {
            if (one.info().command().orElse("").endsWith("xclock")) {
                one.destroy();
                one.onExit().join();
            }
        }
    }

    private static void look(DemoPage person, String when, List<String> black, List<String> bare) {
        if (!person.comes(() -> DemoPage.bright(person.page))) {
            black.add(when);
        }
        if (!person.comes(() -> pointer(person.page))) {
            bare.add(when);
        }
    }

    /** The host's pointer is the page's own cursor over the picture. */
    private static boolean pointer(Page page) {
        return (Boolean) page.evaluate(
                "() => document.querySelector('[role=application]')?.style.cursor.includes('image/png') ?? false");
    }
}
