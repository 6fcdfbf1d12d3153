// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.nvremote.core.CoreError;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.runtime.BundleLevel;
import io.nvremote.runtime.RuntimeError;
import io.nvremote.runtime.RuntimeLog;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.logging.LogManager;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.admin.LoggerAdmin;
import org.slf4j.LoggerFactory;

/**
 * Levels by bundle and the lines of plugins, whichever way they are told: a filter and an appender of logback, the OSGi log's levels, and
 * the level of {@code java.util.logging}, which has none by bundle: its root lets through what any bundle may tell.
 */
@Component(immediate = true)
public final class BundleLog implements RuntimeLog {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(BundleLog.class);
    private static final List<Level> LEVELS =
            List.of(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR, Level.OFF);

    private final BundleContext context;
    private final LoggerAdmin osgiLog;
    private final LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final java.util.logging.Logger javaLog = LogManager.getLogManager().getLogger("");
    private final java.util.logging.@Nullable Level javaLevel = javaLog.getLevel();
    private final BundleFilter filter;
    private final PluginLines lines;
    private final SynchronousBundleListener plugins = this::changed;

    @Activate
    public BundleLog(BundleContext context, @Reference LoggerAdmin osgiLog) {
        this.context = context;
        this.osgiLog = osgiLog;
        Telling telling = new Telling();
        filter = new BundleFilter(telling);
        lines = new PluginLines(telling, logback);
        lines.start();
        context.addBundleListener(plugins); // before it starts, and says its first word
        Stream.of(context.getBundles()).filter(BundleFilter::isPlugin).forEach(this::came);
        logback.addTurboFilter(filter);
        logback.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(lines);
    }

    private void changed(BundleEvent event) {
        if (event.getType() == BundleEvent.INSTALLED && BundleFilter.isPlugin(event.getBundle())) {
            came(event.getBundle());
        }
    }

    private void came(Bundle plugin) {
        String name = String.valueOf(plugin.getSymbolicName());
        lines.keep(name);
        filter.pluginsMayTell();
        apply(name, filter.chosen().getOrDefault(name, BundleFilter.OF_PLUGINS));
    }

    /** What does not ask the filter first. */
    private synchronized void apply(String bundle, @Nullable Level level) {
        osgiLog.getLoggerContext(bundle)
                .setLogLevels(
                        level == null ? Map.of() : Map.of(org.osgi.service.log.Logger.ROOT_LOGGER_NAME, osgi(level)));
        java.util.logging.Level wanted = java(filter.lowest());
        javaLog.setLevel(javaLevel != null && javaLevel.intValue() < wanted.intValue() ? javaLevel : wanted);
    }

    private static LogLevel osgi(Level level) {
        return level == Level.OFF ? LogLevel.AUDIT : LogLevel.valueOf(level.toString());
    }

    private java.util.logging.Level java(Level level) {
        return switch (level.toInt()) {
            case Level.TRACE_INT -> java.util.logging.Level.FINEST;
            case Level.DEBUG_INT -> java.util.logging.Level.FINE;
            case Level.INFO_INT -> java.util.logging.Level.INFO;
            default -> Objects.requireNonNullElse(javaLevel, java.util.logging.Level.WARNING);
        };
    }

    @Override
    public List<BundleLevel> levels() {
        Map<String, Level> chosen = filter.chosen();
        TreeSet<String> names = new TreeSet<>(chosen.keySet());
        Stream.of(context.getBundles())
                .filter(BundleFilter::isPlugin)
                .forEach(bundle -> names.add(String.valueOf(bundle.getSymbolicName())));
        return names.stream().map(name -> report(name, chosen.get(name))).toList();
    }

    @Override
    public BundleLevel level(String bundle, String level) {
        boolean back = level.equalsIgnoreCase(DEFAULT);
        Level wanted = back ? null : parsed(level);
        boolean there = named(bundle).findAny().isPresent();
        if (!there && !(back && filter.chosen().containsKey(bundle))) {
            throw new StreamException(RuntimeError.UNKNOWN_BUNDLE, "no bundle of this runtime is called " + bundle);
        }
        filter.choose(bundle, wanted);
        boolean plugin = named(bundle).anyMatch(BundleFilter::isPlugin);
        apply(bundle, wanted == null && plugin ? BundleFilter.OF_PLUGINS : wanted);
        LOG.atInfo()
                .addKeyValue(Keys.BUNDLE, bundle)
                .addKeyValue("level", back ? DEFAULT : wanted)
                .log("a bundle's log level was chosen");
        return report(bundle, wanted);
    }

    private static Level parsed(String text) {
        return LEVELS.stream()
                .filter(level -> level.toString().equals(text.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new StreamException(
                        CoreError.INVALID_VALUE,
                        "a level is TRACE, DEBUG, INFO, WARN, ERROR, OFF or DEFAULT, not " + text));
    }

    private Stream<Bundle> named(String name) {
        return Stream.of(context.getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName()));
    }

    private BundleLevel report(String name, @Nullable Level chosen) {
        List<Bundle> bundles = named(name).toList();
        String detail = "";
        if (bundles.isEmpty()) {
            detail = "not there now; holds when it comes back";
        } else if (bundles.stream().anyMatch(BundleLog::hasWorkers)) {
            detail = "holds for its code in this process: its worker processes tell from INFO on";
        } else if (chosen != null) {
            detail = "until the runtime ends";
        }
        boolean plugin = bundles.stream().anyMatch(BundleFilter::isPlugin);
        Level level = chosen == null && plugin ? BundleFilter.OF_PLUGINS : chosen;
        return new BundleLevel(name, level == null ? DEFAULT : level.toString(), detail);
    }

    /** Whether it asks for processes of its own: it is wired to that contract. */
    private static boolean hasWorkers(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        return wiring != null
                && wiring.getRequiredWires("osgi.wiring.package").stream().anyMatch(wire -> "io.nvremote.worker"
                        .equals(wire.getCapability().getAttributes().get("osgi.wiring.package")));
    }

    @Override
    public List<String> lines(String plugin, int most) {
        return lines.last(plugin, most);
    }

    /** Everything is as it was before. Idempotent. */
    @Deactivate
    void close() {
        context.removeBundleListener(plugins);
        logback.getTurboFilterList().remove(filter);
        logback.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(lines);
        lines.stop();
        javaLog.setLevel(javaLevel);
    }
}
