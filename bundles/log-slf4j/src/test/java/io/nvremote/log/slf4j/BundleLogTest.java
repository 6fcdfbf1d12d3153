// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.log.slf4j.sample.Teller;
import io.nvremote.runtime.BundleLevel;
import io.nvremote.runtime.RuntimeError;
import io.nvremote.tests.jars.JarFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.log.LogReaderService;
import org.osgi.service.log.admin.LoggerAdmin;
import org.slf4j.LoggerFactory;

/** Bundles of a real framework tell things; the log is logback's with the levels that runtimes have. */
class BundleLogTest {

    private static final String PLUGIN = "com.acme.encoder";
    private static final String OWN = "io.nvremote.part";

    @TempDir
    Path folder;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            told.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    };

    private Framework framework;
    private BundleLog levels;
    private FrameworkLog osgi;
    private JavaLog java;

    @BeforeEach
    void start() throws Exception {
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        Files.createTempDirectory(folder, "cache").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        "org.slf4j;version=2.0.17,org.slf4j.event;version=2.0.17,org.slf4j.spi;version=2.0.17,"
                                + "org.osgi.service.log;version=1.5,org.osgi.service.log.admin;version=1.0"));
        framework.start();
        Path felixLog = Path.of(
                Class.forName("org.apache.felix.log.LogNode", false, getClass().getClassLoader())
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI());
        context().installBundle("reference:file:" + felixLog).start();
        root.setLevel(Level.WARN);
        log.start();
        root.addAppender(log);
        java = new JavaLog();
        osgi = new FrameworkLog(context(), service(LogReaderService.class));
        levels = new BundleLog(context(), service(LoggerAdmin.class));
    }

    @AfterEach
    void stop() throws Exception {
        levels.close();
        osgi.close();
        java.restore();
        root.detachAppender(log);
        root.setLevel(before);
        framework.stop();
        framework.waitForStop(5_000);
    }

    private BundleContext context() {
        return framework.getBundleContext();
    }

    private <T> T service(Class<T> type) {
        return context().getService(context().getServiceReference(type));
    }

    private Bundle plugin() throws Exception {
        return bundle(PLUGIN, "plugin:" + PLUGIN + ":1.0.0:0");
    }

    private Bundle bundle(String name, String location) throws Exception {
        Path jar = JarFiles.jar(
                folder,
                Map.of(
                        "Bundle-ManifestVersion",
                        "2",
                        "Bundle-SymbolicName",
                        name,
                        "Bundle-Version",
                        "1.0.0",
                        "Import-Package",
                        "org.slf4j,org.slf4j.event,org.slf4j.spi,org.osgi.framework,org.osgi.service.log"),
                Map.of(JarFiles.path(Teller.class), JarFiles.bytes(Teller.class)));
        Bundle bundle = context().installBundle(location, Files.newInputStream(jar));
        bundle.start();
        return bundle;
    }

    private static void tell(Bundle bundle, String way, String level, String text) throws Exception {
        bundle.loadClass(Teller.class.getName())
                .getMethod("tell", String.class, String.class, String.class)
                .invoke(null, way, level, text);
    }

    /** What was told until the message that was told last, in the order in which it came. */
    private List<String> toldUntil(String last) throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (String line = ""; !line.endsWith(last); all.add(line)) {
            line = told.poll(20, TimeUnit.SECONDS);
            assertThat(line).as("after %s", all).isNotNull();
        }
        return all.stream().filter(line -> line.contains("told")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"slf4j", "java.util.logging", "System.Logger", "osgi"})
    void a_plugin_tells_from_info_on_whatever_name_and_way_it_has_and_its_level_can_be_chosen(String way)
            throws Exception {
        Bundle plugin = plugin();
        Bundle own = bundle(OWN, "file:own");
        for (String level : List.of("DEBUG", "INFO", "WARN")) {
            tell(own, way, level, "told by us");
            tell(plugin, way, level, "told by it");
        }
        tell(plugin, way, "ERROR", "told: end");
        assertThat(toldUntil("end"))
                .containsExactly("INFO told by it", "WARN told by us", "WARN told by it", "ERROR told: end");
        levels.level(PLUGIN, "debug");
        tell(own, way, "INFO", "told by us");
        tell(plugin, way, "DEBUG", "told: debug");
        assertThat(toldUntil("debug")).containsExactly("DEBUG told: debug");
        levels.level(PLUGIN, "ERROR");
        tell(plugin, way, "WARN", "told by it");
        tell(own, way, "WARN", "told: others");
        assertThat(toldUntil("others")).containsExactly("WARN told: others");
        levels.level(PLUGIN, "OFF");
        levels.level(OWN, "INFO");
        tell(plugin, way, "ERROR", "told by it");
        tell(own, way, "INFO", "told: ours too");
        assertThat(toldUntil("too")).containsExactly("INFO told: ours too");
        levels.level(PLUGIN, "DEFAULT");
        levels.level(OWN, "DEFAULT");
        tell(own, way, "INFO", "told by us");
        tell(plugin, way, "INFO", "told: as before");
        assertThat(toldUntil("before")).containsExactly("INFO told: as before");
        if (!way.equals("osgi")) { // whose listener is called by a thread of its own, after the appender of this test
            assertThat(levels.lines(PLUGIN, 2).getLast()).endsWith(" INFO  Inside told: as before");
        }
    }

    @Test
    void the_last_lines_of_a_plugin_are_kept_escaped_with_what_the_runtime_says_of_it_and_outlive_it()
            throws Exception {
        Bundle plugin = plugin();
        tell(plugin, "slf4j", "INFO", "a\nb \u001b[31m");
        org.slf4j.Logger ours = LoggerFactory.getLogger("io.nvremote.Host");
        ours.atWarn().addKeyValue("plugin", PLUGIN + " 1.0.0").log("plugin withdrawn");
        ours.atWarn().addKeyValue("plugin", "com.other").log("of another");
        plugin.uninstall();
        assertThat(levels.lines(PLUGIN, 10)).hasSize(2);
        assertThat(levels.lines(PLUGIN, 10).getFirst())
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  Inside a\\\\nb \\\\u001b\\[31m");
        assertThat(levels.lines(PLUGIN, 1).getFirst()).endsWith("plugin withdrawn plugin=\"com.acme.encoder 1.0.0\"");
        assertThat(levels.lines("com.other", 10)).isEmpty();
    }

    @Test
    void memory_is_bounded() throws Exception {
        Bundle plugin = plugin();
        for (int i = 0; i < 3_000; i++) {
            tell(plugin, "slf4j", "WARN", "x".repeat(i % 2 == 0 ? 1 : 6_000));
        }
        List<String> kept = levels.lines(PLUGIN, Integer.MAX_VALUE);
        assertThat(kept.stream().mapToInt(String::length).sum()).isBetween(200_000, 256 * 1024);
        assertThat(kept).hasSizeLessThanOrEqualTo(1000).allMatch(line -> line.length() <= 4_001);
    }

    @Test
    void levels_are_listed_and_what_is_no_bundle_or_no_level_is_refused() throws Exception {
        Bundle plugin = plugin();
        bundle(OWN, "file:own");
        assertThat(levels.levels()).containsExactly(new BundleLevel(PLUGIN, "INFO", ""));
        assertThat(levels.level(OWN, "Warn")).isEqualTo(new BundleLevel(OWN, "WARN", "until the runtime ends"));
        assertThat(levels.level(PLUGIN, "TRACE").level()).isEqualTo("TRACE");
        plugin.uninstall();
        assertThat(levels.levels())
                .containsExactly(
                        new BundleLevel(PLUGIN, "TRACE", "not there now; holds when it comes back"),
                        new BundleLevel(OWN, "WARN", "until the runtime ends"));
        assertThatThrownBy(() -> levels.level(PLUGIN, "INFO"))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(RuntimeError.UNKNOWN_BUNDLE))
                .hasMessageContaining(PLUGIN);
        assertThat(levels.level(PLUGIN, "DEFAULT").level()).isEqualTo("DEFAULT");
        assertThat(levels.levels()).hasSize(1);
        for (String wrong : List.of("", "LOUD", "WARNING", "info ", "5")) {
            assertThatThrownBy(() -> levels.level(OWN, wrong))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(CoreError.INVALID_VALUE))
                    .hasMessageContaining("TRACE, DEBUG, INFO, WARN, ERROR, OFF or DEFAULT, not " + wrong);
        }
    }

    @Test
    void a_level_holds_for_the_next_version_and_when_this_ends_all_is_as_it_was() throws Exception {
        Bundle first = plugin();
        levels.level(PLUGIN, "DEBUG");
        first.uninstall();
        Bundle next = plugin();
        tell(next, "java.util.logging", "DEBUG", "told: debug");
        assertThat(toldUntil("debug")).containsExactly("DEBUG told: debug");
        levels.close();
        tell(next, "slf4j", "INFO", "told by it");
        tell(next, "java.util.logging", "INFO", "told by it");
        tell(next, "slf4j", "WARN", "told: end");
        assertThat(toldUntil("end")).containsExactly("WARN told: end");
    }
}
