// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.PluginReport.State;
import io.nvremote.updates.UpdateError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Plugins that somebody debugs, and those that are let in again, in a real framework. */
class PluginDevelopmentTest {

    private static final String NAME = "com.acme.encoder";

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

    private void restart() throws Exception {
        runtime.close();
        runtime = RuntimeWithPlugins.start(data, data.resolve("publishers"));
    }

    private Path plugin(String version, String mode) throws Exception {
        return RuntimeWithPlugins.plugin(data, acme, NAME, version, mode);
    }

    private List<String> states() {
        return runtime.store().list().stream()
                .map(r -> r.version() + " " + r.state())
                .toList();
    }

    private static void refused(ThrowingCallable attempt, UpdateError code) {
        assertThatThrownBy(attempt).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .as(e.getMessage())
                .isEqualTo(code));
    }

    private static void await(BooleanSupplier condition) {
        Clock clock = Clock.system();
        long end = clock.nanos() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean() && clock.nanos() < end) {
            clock.sleep(Duration.ofMillis(10));
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private void fails(String version) throws Exception {
        runtime.store().install(plugin(version, ""));
        runtime.store().failed(runtime.bundle(NAME).getBundleId(), "threw");
        await(() -> states().contains(version + " " + State.QUARANTINED));
    }

    @Test
    void what_is_debugged_stays_whatever_is_said_of_it() throws Exception {
        PluginReport report = runtime.store().installForDevelopment(plugin("1.0.0", ""));
        assertThat(report.state()).isEqualTo(State.IN_DEVELOPMENT);
        Bundle bundle = runtime.bundle(NAME);
        assertThat(runtime.store().isInDevelopment(bundle.getBundleId())).isTrue();
        runtime.store().failed(bundle.getBundleId(), "did not return within PT1S");
        runtime.store().inUse(bundle.getBundleId());
        assertThat(data.resolve("plugins-in-use")).as("uses that count").isEmptyDirectory();
        restart();
        await(() -> states().equals(List.of("1.0.0 IN_DEVELOPMENT")));
        assertThat(runtime.bundle(NAME).getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void the_same_version_is_built_and_installed_again_and_again() throws Exception {
        Path first = plugin("1.0.0", "");
        runtime.store().installForDevelopment(first);
        refused(() -> runtime.store().installForDevelopment(first), UpdateError.ALREADY_INSTALLED);
        long before = runtime.bundle(NAME).getBundleId();
        runtime.store().installForDevelopment(plugin("1.0.0", "another"));
        assertThat(runtime.bundle(NAME).getBundleId()).isNotEqualTo(before);
        runtime.store().installForDevelopment(plugin("0.9.0", ""));
        assertThat(states()).containsExactly("0.9.0 IN_DEVELOPMENT");
        refused(() -> runtime.store().install(plugin("0.9.0", "other")), UpdateError.ALREADY_INSTALLED);
        assertThat(runtime.store().install(plugin("1.1.0", "")).state()).isEqualTo(State.ACTIVE);
        assertThat(runtime.store().isInDevelopment(runtime.bundle(NAME).getBundleId()))
                .isFalse();
    }

    @Test
    void one_that_hangs_when_it_is_started_is_not_refused_afterwards() throws Exception {
        refused(
                () -> runtime.store().installForDevelopment(plugin("1.0.0", "immediate constructor hangs")),
                UpdateError.DID_NOT_START);
        assertThat(states()).isEmpty();
        assertThat(runtime.store().installForDevelopment(plugin("1.0.0", "")).state())
                .isEqualTo(State.IN_DEVELOPMENT);
    }

    @Test
    void a_version_in_quarantine_is_let_in_again() throws Exception {
        refused(() -> runtime.store().unquarantine(NAME), UpdateError.NOT_QUARANTINED);
        fails("1.0.0");
        refused(() -> runtime.store().install(plugin("1.0.0", "")), UpdateError.QUARANTINED);
        runtime.store().unquarantine(NAME);
        assertThat(states()).isEmpty();
        restart();
        assertThat(states()).isEmpty();
        runtime.store().install(plugin("1.0.0", ""));
        assertThat(states()).containsExactly("1.0.0 ACTIVE");
        refused(() -> runtime.store().unquarantine(NAME), UpdateError.NOT_QUARANTINED);
    }

    @Test
    void one_that_was_removed_from_the_list_is_let_in_again_too() throws Exception {
        fails("1.0.0");
        runtime.store().remove(NAME);
        assertThat(states()).isEmpty();
        runtime.store().unquarantine(NAME);
        assertThat(runtime.store().install(plugin("1.0.0", "")).state()).isEqualTo(State.ACTIVE);
    }
}
