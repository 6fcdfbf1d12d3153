// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import io.nvremote.client.FakeControlPlane;
import io.nvremote.lib.json.Json;
import io.nvremote.signaling.Signal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An organisation without a host: what an administrator is given, and what others are told. */
class PageEnrolTest extends BrowserTest {

    @Test
    void an_admin_gets_token_and_command_and_the_host_appears_by_itself() {
        empty();
        accessible("no-host");
        page.evaluate("window.sameDocument = true");
        button("Make a token").click();
        assertThat(page.getByText(FakeControlPlane.TOKEN)).isVisible();
        assertThat(page.getByRole(AriaRole.LISTITEM).getByText("Good for 24 h (until"))
                .isVisible();
        assertThat(page.getByRole(AriaRole.STATUS).getByText("Token made, good for 24 h"))
                .hasCount(1);
        assertThat(button("Make another token")).isFocused();
        accessible("token");
        assertThat(copied("Copy token")).isEqualTo(FakeControlPlane.TOKEN);
        assertThat(copied("Copy command"))
                .contains(FakeControlPlane.ORG.toString())
                .doesNotContain(FakeControlPlane.TOKEN);
        assertThat(page.url()).doesNotContain(FakeControlPlane.TOKEN);
        assertThat((String) page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])"))
                .doesNotContain(FakeControlPlane.TOKEN);
        assertThat(button("Copy command")).isFocused();

        told(arrived("render-1"));
        assertThat(page.getByRole(AriaRole.BUTTON, named("Connect to render-1")))
                .isVisible();
        assertThat(page.getByText(FakeControlPlane.TOKEN)).hasCount(0);
        assertThat(page.getByRole(AriaRole.STATUS).getByText("1 of 1 reachable"))
                .isVisible();
        assertThat(page.getByRole(AriaRole.HEADING, named2("Hosts"))).isFocused();
        assertThat(page.evaluate("window.sameDocument")).isEqualTo(true);
        assertThat(consoleErrors).isEmpty();
    }

    @Test
    void the_command_puts_the_token_where_the_agent_reads_it_and_names_the_organisation(@TempDir Path root)
            throws Exception {
        empty();
        button("Make a token").click();
        String command = copied("Copy command");
        Path config = root.resolve("etc/host-agent.json");
        Files.createDirectories(config.getParent());
        Files.copy(Path.of("../../runtimes/host-agent/config/host-agent.json"), config);
        // The system's part of it: who is root, whose the file is, and the unit.
        stub(root, "sudo", "exec \"$@\"");
        stub(root, "install", "exec /usr/bin/install \"${@/nvremote/$(id -un)}\"");
        stub(root, "systemctl", "echo \"$@\" >> " + root.resolve("units"));
        Process shell = run(
                root, command.replace("/etc/nvremote/", root + "/etc/").replace("/var/lib/nvremote/", root + "/var/"));
        assertThat(shell.exitValue()).isZero();
        Path token = root.resolve("var/host-agent/bootstrap-token");
        assertThat(Files.readString(token).strip()).isEqualTo(FakeControlPlane.TOKEN);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                .isEqualTo("rw-------");
        var identity = Json.read(Files.readString(config), io.nvremote.viewer.ViewerError.BAD_REQUEST)
                .path("io.nvremote.host.identity");
        assertThat(identity.path("org.id").asText()).isEqualTo(FakeControlPlane.ORG.toString());
        assertThat(identity.path("token.file").asText()).isEqualTo("$[prop:nvremote.data]/" + token.getFileName());
        assertThat(Files.readAllLines(root.resolve("units")))
                .containsExactly("enable nvremote-host-agent", "restart nvremote-host-agent");
    }

    @Test
    void who_is_no_admin_is_told_whom_to_ask() {
        control.role = "member";
        empty();
        assertThat(page.getByText("Ask an administrator of Render Lab")).isVisible();
        assertThat(button("Make a token")).hasCount(0);
        accessible("no-host-member");
    }

    @Test
    void who_is_admin_no_more_is_told_so_in_a_sentence() {
        control.rights = "member";
        empty();
        button("Make a token").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Your role does not allow this");
        assertThat(page.getByText("ROLE_INSUFFICIENT")).isHidden();
        assertThat(button("Make a token")).isFocused();
        control.rights = "admin";
        button("Make a token").click();
        assertThat(page.getByText(FakeControlPlane.TOKEN)).isVisible();
        assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
    }

    @Test
    void a_token_that_is_good_no_more_is_shown_no_more() {
        control.tokenLife = Duration.ofSeconds(2);
        empty();
        button("Make a token").click();
        assertThat(page.getByText("The token has expired")).isVisible();
        assertThat(page.getByText(FakeControlPlane.TOKEN)).hasCount(0);
    }

    @Test
    void long_names_and_narrow_windows_hold_token_and_command() {
        control.orgName = "W".repeat(180);
        page.setViewportSize(320, 640);
        empty();
        button("Make a token").click();
        assertThat(page.getByText(FakeControlPlane.TOKEN)).isVisible();
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(320);
        for (String part : List.of("Make another token", "Copy token", "Copy command")) {
            var box = button(part).boundingBox();
            assertThat(box.x + box.width).as(part).isLessThanOrEqualTo(320);
        }
    }

    /** Signed in where the organisation has no host. */
    private void empty() {
        media.populated = false;
        context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page.navigate(address.get());
        button("Sign in").click();
        page.getByRole(AriaRole.BUTTON, named("Ada")).click();
        assertThat(page.getByText(control.orgName + " has no host yet")).isVisible();
    }

    private String copied(String name) {
        button(name).click();
        return (String) page.evaluate("navigator.clipboard.readText()");
    }

    private static Signal arrived(String name) {
        Instant now = Instant.now();
        return new Signal.HostStatus(
                FakeControlPlane.ONLINE,
                "ONLINE",
                null,
                0,
                now,
                null,
                new Signal.HostLabel(FakeControlPlane.ORG, name, null, "Linux", now));
    }

    private static void stub(Path root, String name, String text) throws Exception {
        Path file = root.resolve("bin").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/bash\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static Process run(Path root, String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "-c", command).redirectErrorStream(true);
        builder.environment().merge("PATH", root.resolve("bin").toString(), (old, bin) -> bin + ":" + old);
        builder.redirectOutput(root.resolve("output").toFile());
        Process shell = builder.start();
        shell.getOutputStream().write((FakeControlPlane.TOKEN + "\n").getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return shell;
    }
}
