// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JavaLogTest {

    private static final Logger LIBRARY = Logger.getLogger("org.example.Library");

    @Test
    void what_a_library_tells_reaches_slf4j_once_with_its_name_level_message_and_cause_and_the_old_way_comes_back() {
        Logger root = LogManager.getLogManager().getLogger("");
        Handler[] before = root.getHandlers();
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        var library = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("org.example.Library");
        library.addAppender(told);
        IllegalStateException cause = new IllegalStateException("why");
        JavaLog log = new JavaLog();
        try {
            LIBRARY.log(java.util.logging.Level.WARNING, "refused {0}", "x\ny");
            LIBRARY.log(java.util.logging.Level.SEVERE, "failed", cause);
            LIBRARY.fine("too quiet for logging.properties");
            assertThat(root.getHandlers()).containsExactly(log);
        } finally {
            log.close();
            assertThat(root.getHandlers()).containsExactly(log);
            log.restore();
            library.detachAppender(told);
        }
        assertThat(told.list)
                .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Level.WARN, "refused x\ny"),
                        org.assertj.core.groups.Tuple.tuple(Level.ERROR, "failed"));
        assertThat(told.list.getLast().getThrowableProxy().getMessage()).isEqualTo("why");
        assertThat(root.getHandlers()).containsExactly(before);
    }
}
