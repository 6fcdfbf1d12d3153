// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.nvremote.updates.Plugins;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.slf4j.Marker;

/**
 * Levels by bundle, above those that logback.xml has by name: what somebody chose for a bundle holds in both directions, and a plugin tells
 * from {@link #OF_PLUGINS} on. Who logs is looked up (a walk of the stack, a microsecond) only where the answer may change something; as
 * long as nothing was chosen that is what plugins add: messages from {@code INFO} on that the configuration leaves out. Safe for any thread.
 */
final class BundleFilter extends TurboFilter {

    static final Level OF_PLUGINS = Level.INFO;

    /**
     * What was chosen, by symbolic name.
     *
     * @param lowest the lowest level that somebody may tell beyond what is configured
     */
    private record Levels(Map<String, Level> chosen, boolean plugins, Level lowest) {

        static Levels of(Map<String, Level> chosen, boolean plugins) {
            Level lowest = plugins ? OF_PLUGINS : Level.OFF;
            for (Level level : chosen.values()) {
                lowest = level.isGreaterOrEqual(lowest) ? lowest : level;
            }
            return new Levels(Map.copyOf(chosen), plugins, lowest);
        }
    }

    private final Telling telling;
    private volatile Levels levels = Levels.of(Map.of(), false);

    BundleFilter(Telling telling) {
        this.telling = telling;
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] params,
            @Nullable Throwable thrown) {
        Levels now = levels;
        boolean configured = level.isGreaterOrEqual(logger.getEffectiveLevel());
        if (configured ? now.chosen().isEmpty() : !level.isGreaterOrEqual(now.lowest())) {
            return FilterReply.NEUTRAL;
        }
        return telling.bundle().map(bundle -> decide(now, bundle, level)).orElse(FilterReply.NEUTRAL);
    }

    private static FilterReply decide(Levels now, Bundle bundle, Level level) {
        Level chosen = now.chosen().get(String.valueOf(bundle.getSymbolicName()));
        if (chosen != null) {
            return level.isGreaterOrEqual(chosen) ? FilterReply.ACCEPT : FilterReply.DENY;
        }
        return isPlugin(bundle) && level.isGreaterOrEqual(OF_PLUGINS) ? FilterReply.ACCEPT : FilterReply.NEUTRAL;
    }

    static boolean isPlugin(Bundle bundle) {
        return bundle.getLocation().startsWith(Plugins.LOCATION_SCHEME);
    }

    /** What was chosen, by name. */
    Map<String, Level> chosen() {
        return new TreeMap<>(levels.chosen());
    }

    /** The lowest level that any bundle may tell; {@link Level#OFF} if none may tell more than is configured. */
    Level lowest() {
        return levels.lowest();
    }

    /** From now on; {@code null} takes a choice back. */
    synchronized void choose(String bundle, @Nullable Level level) {
        Map<String, Level> next = chosen();
        if (level == null) {
            next.remove(bundle);
        } else {
            next.put(bundle, level);
        }
        levels = Levels.of(next, levels.plugins());
    }

    /** A plugin came: from now on there may be more than is configured. */
    synchronized void pluginsMayTell() {
        levels = Levels.of(levels.chosen(), true);
    }
}
