// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j.sample;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.log.LogService;
import org.slf4j.LoggerFactory;

/** Tells something in each of the ways that a bundle has, under a name that says nothing of it. */
public final class Teller {

    private static final String NAME = "org.library.Inside";

    private Teller() {}

    /** By {@code way}, on {@code level} of SLF4J. */
    public static void tell(String way, String level, String text) {
        switch (way) {
            case "slf4j" ->
                LoggerFactory.getLogger(NAME)
                        .atLevel(org.slf4j.event.Level.valueOf(level))
                        .log(text);
            case "java.util.logging" ->
                Logger.getLogger(NAME)
                        .log(
                                switch (level) {
                                    case "ERROR" -> Level.SEVERE;
                                    case "WARN" -> Level.WARNING;
                                    case "DEBUG" -> Level.FINE;
                                    default -> Level.INFO;
                                },
                                text);
            case "System.Logger" ->
                System.getLogger(NAME).log(System.Logger.Level.valueOf(level.equals("WARN") ? "WARNING" : level), text);
            default -> osgi(level, text);
        }
    }

    private static void osgi(String level, String text) {
        BundleContext context = FrameworkUtil.getBundle(Teller.class).getBundleContext();
        LogService log = context.getService(context.getServiceReference(LogService.class));
        var logger = log.getLogger(NAME);
        switch (level) {
            case "ERROR" -> logger.error(text);
            case "WARN" -> logger.warn(text);
            case "DEBUG" -> logger.debug(text);
            default -> logger.info(text);
        }
    }
}
