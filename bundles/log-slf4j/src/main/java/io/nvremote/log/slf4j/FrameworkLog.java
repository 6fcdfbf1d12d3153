// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Hands each entry of the OSGi log (OSGi Core 8, chapter 101) to the SLF4J logger of the same name, also those from before
 * this began to listen. An error of ours, wrapped by whoever called us, becomes one line with its message; its stack trace
 * is for DEBUG, and so is every trace while the runtime stops. What is told again and again (a component that is tried until it
 * can start) is told once. Safe for any thread.
 */
@Component(service = {})
public final class FrameworkLog implements LogListener {

    /** Felix Log keeps no exception of a bundle's class: it has a copy, with that class's name before the message. */
    private static final String COPY_OF_OURS = StreamException.class.getName() + ": ";

    /** What the framework says of a bundle, in that bundle's name: each that was started or registered something. */
    private static final String EVENTS = "Events.";

    /**
     * What the framework and SCR add when a component could not be made, for each that waits for it: its reason was told before, by
     * SCR, and is what somebody can mend.
     */
    private static final List<String> CONSEQUENCES = List.of(
            "Service factory returned null", "Could not get service from ref", "Unable to get service for reference");

    private final LogReaderService reader;
    private final Bundle framework;
    private final ToldBefore told = new ToldBefore(Clock.system());
    private long handedOn = -1;

    @Activate
    public FrameworkLog(BundleContext context, @Reference LogReaderService reader) {
        this.reader = reader;
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        synchronized (this) {
            reader.addLogListener(this);
            List<LogEntry> newestFirst = Collections.list(reader.getLog());
            newestFirst.reversed().forEach(this::logged);
        }
    }

    @Override
    public synchronized void logged(LogEntry entry) {
        if (entry.getSequence() > handedOn) {
            handedOn = entry.getSequence();
            boolean ofFramework = entry.getLoggerName().startsWith(EVENTS);
            Telling.inTheNameOf(ofFramework ? null : entry.getBundle(), () -> handOn(entry));
        }
    }

    private void handOn(LogEntry entry) {
        Logger logger = LoggerFactory.getLogger(entry.getLoggerName());
        Throwable thrown = entry.getException();
        Level level = isConsequence(entry.getMessage(), thrown) ? Level.DEBUG : level(entry);
        String ours = ours(thrown);
        if (ours == null && thrown != null && framework.getState() == Bundle.STOPPING) {
            // Libraries that are taken down while they still work: where in their code is of no use to anybody.
            ours = thrown.toString();
        }
        if (ours == null) {
            logger.atLevel(level).setCause(thrown).log(entry.getMessage());
        } else {
            String line = entry.getMessage() + ": " + ours;
            logger.atLevel(level == Level.DEBUG || told.isNews(line) ? level : Level.DEBUG)
                    .log(line);
            logger.atDebug().setCause(thrown).log("the same, with where it happened");
        }
    }

    /** What our exception among the causes says, or null if there is none. */
    private static @Nullable String ours(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof StreamException) {
                return message;
            }
            if (message.startsWith(COPY_OF_OURS)) {
                return message.substring(COPY_OF_OURS.length());
            }
        }
        return null;
    }

    private static boolean isConsequence(String message, @Nullable Throwable thrown) {
        String all = thrown == null ? message : message + " " + thrown.getMessage();
        return CONSEQUENCES.stream().anyMatch(all::contains);
    }

    private static Level level(LogEntry entry) {
        return switch (entry.getLogLevel()) {
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case AUDIT, INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
    }

    @Deactivate
    void close() {
        reader.removeLogListener(this);
    }
}
