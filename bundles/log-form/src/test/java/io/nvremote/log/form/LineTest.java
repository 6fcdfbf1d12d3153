// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.form;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration that every runtime logs with, and what it makes of hostile text. */
class LineTest {

    private static final String FORGED = "02:00:00.000 INFO  Presence host online host_id=\"FORGED\"";

    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private final PrintStream console = System.out;

    @BeforeEach
    void configure() throws Exception {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("runtimes/logback.xml"))) {
            here = here.getParent();
        }
        context.setMDCAdapter(new LogbackMDCAdapter());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(here.resolve("runtimes/logback.xml").toFile());
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .noneMatch(status -> status.getLevel() > ch.qos.logback.core.status.Status.INFO);
    }

    @AfterEach
    void restore() {
        context.stop();
        System.setOut(console);
    }

    private String log() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "\r",
                "\r\n",
                "\0",
                "\u0085",
                "\u009b31m",
                "\u001b]0;pwned\u0007",
                "\u2028",
                "\u2029",
                "\u202e",
                "\u2066",
                "\u200b",
                "\ufeff",
                "\ud800",
                "\udb40\udc01",
                "\u000b",
                "\u007f"
            })
    void what_ends_a_line_or_commands_a_terminal_is_escaped_in_messages_values_and_exceptions(String evil) {
        String text = "a" + evil + FORGED;
        context.getLogger("io.nvremote.Test")
                .atError()
                .addKeyValue("name", text)
                .addKeyValue("k" + evil, "v")
                .setCause(new IllegalStateException(text, new IllegalArgumentException(text)))
                .log("from " + text);
        String log = log();
        assertThat(log.lines().filter(line -> line.startsWith("02:00"))).isEmpty();
        assertThat(log.lines().filter(line -> line.matches("\\d\\d:\\d\\d:.*"))).hasSize(1);
        assertThat(log.codePoints()
                        .filter(c -> c != '\n' && c != '\t')
                        .filter(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.LINE_SEPARATOR
                                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                                || Character.getType(c) == Character.SURROGATE))
                .isEmpty();
    }

    @Test
    void a_value_can_not_add_a_key() {
        context.getLogger("io.nvremote.Test")
                .atInfo()
                .addKeyValue("reason", "x\" session_id=\"FORGED\\")
                .log("session closed");
        assertThat(log()).endsWith(" session closed reason=\"x\\\" session_id=\\\"FORGED\\\\\"\n");
    }

    @Test
    void plain_text_of_any_script_stays_as_it_is() {
        context.getLogger("io.nvremote.Test")
                .atInfo()
                .addKeyValue("name", "Grüße 東京 مرحبا 🙂")
                .log("host online");
        assertThat(log()).endsWith(" INFO  Test host online name=\"Grüße 東京 مرحبا 🙂\"\n");
    }
}
