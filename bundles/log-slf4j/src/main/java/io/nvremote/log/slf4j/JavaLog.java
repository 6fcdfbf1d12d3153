// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j;

import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Hands what libraries tell {@code java.util.logging} to the SLF4J logger of the same name, in place of the handlers that were
 * there: one log, in one form, with everything from outside escaped. Which levels are told stays in
 * {@code logging.properties}, and is chosen by bundle in {@link BundleLog}. Safe for any thread.
 */
@Component(service = {})
public final class JavaLog extends Handler {

    private final Logger root = LogManager.getLogManager().getLogger("");
    private final List<Handler> before = List.of(root.getHandlers());
    private final Formatter formatter = new SimpleFormatter();

    @Activate
    public JavaLog() {
        before.forEach(root::removeHandler);
        root.addHandler(this);
    }

    @Override
    public void publish(LogRecord told) {
        if (isLoggable(told)) {
            String name = told.getLoggerName();
            LoggerFactory.getLogger(name == null || name.isEmpty() ? "root" : name)
                    .atLevel(level(told.getLevel().intValue()))
                    .setCause(told.getThrown())
                    .log(() -> formatter.formatMessage(told));
        }
    }

    private static Level level(int value) {
        if (value >= java.util.logging.Level.SEVERE.intValue()) {
            return Level.ERROR;
        }
        if (value >= java.util.logging.Level.WARNING.intValue()) {
            return Level.WARN;
        }
        if (value >= java.util.logging.Level.INFO.intValue()) {
            return Level.INFO;
        }
        return value >= java.util.logging.Level.FINE.intValue() ? Level.DEBUG : Level.TRACE;
    }

    @Override
    public void flush() {}

    /** Called by the JVM when it ends: what is told then reaches nobody, as it would without us. */
    @Override
    public void close() {}

    /** Puts back what was there. Idempotent. */
    @Deactivate
    void restore() {
        root.removeHandler(this);
        if (root.getHandlers().length == 0) {
            before.forEach(root::addHandler);
        }
    }
}
