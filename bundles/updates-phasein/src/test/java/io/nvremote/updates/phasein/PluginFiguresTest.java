// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.updates.PluginFigures;
import io.nvremote.updates.PluginUse;
import io.nvremote.updates.UpdateError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured of plugins, in a real framework. */
class PluginFiguresTest {

    private static final String BUSY = "com.acme.busy";
    private static final String IDLE = "com.acme.idle";

    @TempDir
    Path data;

    private Publisher acme;
    private RuntimeWithPlugins runtime;

    @BeforeEach
    void start() throws Exception {
        acme = Publisher.of(data.resolve("keys"), "acme").trustIn(data.resolve("publishers"));
        runtime = RuntimeWithPlugins.start(data, data.resolve("publishers"));
    }

    @AfterEach
    void stop() throws Exception {
        runtime.close();
    }

    private void install(String name, String mode) throws Exception {
        runtime.store().install(RuntimeWithPlugins.plugin(data, acme, name, "1.0.0", mode));
    }

    private PluginUse use(String name) {
        return runtime.store().inUse(runtime.bundle(name).getBundleId());
    }

    @Test
    void threads_and_calls_are_those_of_the_plugin_that_has_them() throws Exception {
        install(BUSY, "constructor starts a thread");
        try (PluginUse use = use(BUSY)) {
            use.called(Duration.ofMillis(5).toNanos(), 1_000);
            use.called(Duration.ofMillis(150).toNanos(), 24);
            use.called(PluginFigures.STALL.toNanos(), 0);
        }
        PluginFigures busy = runtime.store().figures(BUSY);
        assertThat(busy.calls()).isEqualTo(new PluginFigures.Calls(3, 1, Duration.ofMillis(150), 1_024));
        assertThat(busy.threads().count()).isEqualTo(1);
        assertThat(busy.threads().most()).isEqualTo(1);
        assertThat(busy.processes()).isEqualTo(PluginFigures.Processes.NONE);
        assertThat(busy.deaths()).isZero();
        assertThat(PluginThreads.of(List.of())).isEqualTo(new PluginThreads.Found(0, 0));
        runtime.store().remove(BUSY);
        install(IDLE, "");
        assertThat(runtime.store().figures(IDLE))
                .isEqualTo(new PluginFigures(
                        new PluginFigures.Calls(0, 0, Duration.ZERO, 0),
                        new PluginFigures.Threads(0, 0, 0),
                        0,
                        PluginFigures.Processes.NONE));
        assertThatThrownBy(() -> runtime.store().figures(BUSY))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(UpdateError.NOT_INSTALLED));
    }

    @Test
    void one_in_development_is_measured_and_a_death_is_shown_after_it() throws Exception {
        runtime.store().installForDevelopment(RuntimeWithPlugins.plugin(data, acme, BUSY, "1.0.0", ""));
        use(BUSY).called(1, 1);
        assertThat(runtime.store().figures(BUSY).calls().count()).isEqualTo(1);
        install(IDLE, "");
        use(IDLE).called(1, 1); // Not closed: as if the process had died.
        runtime.close();
        runtime = RuntimeWithPlugins.start(data, data.resolve("publishers"));
        while (runtime.store().list().size() < 2) {
            Thread.onSpinWait(); // What was installed comes back in the background.
        }
        assertThat(runtime.store().figures(IDLE).deaths()).isEqualTo(1);
        assertThat(runtime.store().figures(IDLE).calls().count()).isZero();
    }
}
