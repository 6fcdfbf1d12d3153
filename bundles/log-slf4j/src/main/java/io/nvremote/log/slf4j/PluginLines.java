// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.pattern.DynamicConverter;
import io.nvremote.core.Keys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * The last lines that each plugin told, and that the runtime told of it: those that name it under {@code plugin} or {@code bundle}. In
 * memory, bounded; also of plugins that went, since that is when somebody asks. Safe for any thread.
 */
final class PluginLines extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private static final int MOST_PLUGINS = 32;
    private static final int MOST_LINES = 1000;
    private static final int MOST_CHARACTERS = 256 * 1024;

    /** As runtimes/logback.xml has it, with the day: these lines may be old. */
    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %logger{0} %text%pairs%n%trace";

    /** What escapes text from outside; a fragment of logback has them, whatever logback.xml says. */
    private static final Map<String, String> WORDS =
            Map.of("text", "EscapedMessage", "pairs", "EscapedPairs", "trace", "EscapedThrowable");

    private static final Set<String> NAMING = Set.of(Keys.PLUGIN, Keys.BUNDLE);

    private final Telling telling;
    private final PatternLayout layout = new PatternLayout();
    /** By symbolic name, those that told nothing for longest first. Guarded by itself. */
    private final Map<String, LastLines> plugins = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LastLines> eldest) {
            return size() > MOST_PLUGINS;
        }
    };

    PluginLines(Telling telling, LoggerContext context) {
        this.telling = telling;
        setContext(context);
        layout.setContext(context);
        layout.setPattern(PATTERN);
        WORDS.forEach((word, name) -> layout.getInstanceConverterMap().put(word, converter(context, name)));
    }

    @SuppressWarnings("rawtypes") // so logback has it
    private static Supplier<DynamicConverter> converter(LoggerContext context, String name) {
        return () -> {
            try {
                return Class.forName(
                                "io.nvremote.log.form." + name,
                                true,
                                context.getClass().getClassLoader())
                        .asSubclass(DynamicConverter.class)
                        .getConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("the fragment log-form is missing", e);
            }
        };
    }

    @Override
    public void start() {
        layout.start();
        super.start();
    }

    /** From now on what a plugin of that name tells is kept. */
    void keep(String plugin) {
        synchronized (plugins) {
            plugins.computeIfAbsent(plugin, name -> new LastLines(MOST_LINES, MOST_CHARACTERS));
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        LastLines lines = about(event);
        if (lines != null) {
            lines.add(layout.doLayout(event));
        }
    }

    private @Nullable LastLines about(ILoggingEvent event) {
        synchronized (plugins) {
            if (plugins.isEmpty()) {
                return null;
            }
        }
        Optional<LastLines> own = telling.bundle()
                .filter(BundleFilter::isPlugin)
                .map(bundle -> of(String.valueOf(bundle.getSymbolicName())));
        return own.orElseGet(() -> named(event));
    }

    private @Nullable LastLines named(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        for (KeyValuePair pair : pairs == null ? List.<KeyValuePair>of() : pairs) {
            if (NAMING.contains(pair.key)) {
                // A version or a number may follow.
                LastLines lines = of(String.valueOf(pair.value).split(" ", 2)[0]);
                if (lines != null) {
                    return lines;
                }
            }
        }
        return null;
    }

    private @Nullable LastLines of(String plugin) {
        synchronized (plugins) {
            return plugins.get(plugin);
        }
    }

    /** Oldest first. */
    List<String> last(String plugin, int most) {
        LastLines lines = of(plugin);
        return lines == null ? List.of() : lines.last(most);
    }
}
