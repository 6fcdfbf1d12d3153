// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.tests.jars.JarFiles;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.PluginUse;
import io.nvremote.updates.UpdateError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;

/** Plugins as bundles with components in a real framework. */
class PluginStoreTest {

    private static final String NAME = "com.acme.encoder";

    @TempDir
    static Path keys;

    @TempDir
    Path data;

    private static Publisher acme;
    private static Publisher other;
    private static Publisher platform;
    private RuntimeWithPlugins runtime;

    @BeforeAll
    static void make_keys() throws Exception {
        Path publishers = keys.resolve("publishers");
        acme = Publisher.of(keys, "acme").trustIn(publishers);
        other = Publisher.of(keys, "other").trustIn(publishers);
        platform = Publisher.of(keys, "platform").trustIn(publishers.resolve("platform"));
    }

    @BeforeEach
    void start() throws Exception {
        runtime = started();
    }

    @AfterEach
    void stop() throws Exception {
        runtime.close();
    }

    private RuntimeWithPlugins started() throws Exception {
        return RuntimeWithPlugins.start(
                data,
                keys.resolve("publishers"),
                RuntimeWithPlugins.bundle(data, "io.nvremote.encode.software", "0.1.0", ""),
                JarFiles.jar(
                        data,
                        Map.of(
                                "Bundle-ManifestVersion", "2",
                                "Bundle-SymbolicName", "io.nvremote.wireguard",
                                "Bundle-Version", "0.1.0")));
    }

    private Path plugin(Publisher signer, String name, String version, String mode) throws Exception {
        return RuntimeWithPlugins.plugin(data, signer, name, version, mode);
    }

    private PluginReport install(Publisher signer, String name, String version, String mode) throws Exception {
        return runtime.store().install(plugin(signer, name, version, mode));
    }

    private void refused(Publisher signer, String name, String version, String mode, UpdateError code)
            throws Exception {
        Path jar = plugin(signer, name, version, mode);
        assertThatThrownBy(() -> runtime.store().install(jar))
                .isInstanceOfSatisfying(
                        StreamException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }

    private List<String> states() {
        return runtime.store().list().stream()
                .map(r -> r.name() + " " + r.version() + " " + r.state())
                .toList();
    }

    private static void await(BooleanSupplier condition) {
        Clock clock = Clock.system();
        long end = clock.nanos() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean() && clock.nanos() < end) {
            clock.sleep(Duration.ofMillis(10));
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private void restart() throws Exception {
        runtime.close();
        runtime = started();
    }

    // ---- restart ----

    @Test
    void what_is_installed_is_there_again_after_every_restart() throws Exception {
        install(acme, NAME, "1.0.0", "");
        install(other, "com.other.encoder", "2.0.0", "");
        for (int i = 0; i < 3; i++) {
            restart();
            await(() -> states().equals(List.of(NAME + " 1.0.0 ACTIVE", "com.other.encoder 2.0.0 ACTIVE"))
                    || states().equals(List.of("com.other.encoder 2.0.0 ACTIVE", NAME + " 1.0.0 ACTIVE")));
            assertThat(runtime.bundle(NAME).getState()).isEqualTo(Bundle.ACTIVE);
        }
        runtime.store().remove(NAME);
        restart();
        await(() -> states().equals(List.of("com.other.encoder 2.0.0 ACTIVE")));
    }

    @Test
    void a_plugin_that_can_not_come_back_is_shown_with_the_reason() throws Exception {
        Path plugin = plugin(acme, NAME, "1.0.0", "");
        runtime.store().install(plugin);
        runtime.close();
        Files.write(data.resolve("plugins/" + NAME + ".jar"), new byte[] {1});
        runtime = started();
        await(() -> states().equals(List.of(NAME + " 1.0.0 NOT_RESTORED")));
        assertThat(runtime.store().list().getFirst().detail()).contains("no jar");
        runtime.store().install(plugin);
        assertThat(states()).containsExactly(NAME + " 1.0.0 ACTIVE");
    }

    @Test
    void what_was_in_use_at_three_deaths_of_the_process_stays_out_and_what_was_not_comes_back() throws Exception {
        install(acme, NAME, "1.0.0", "");
        install(other, "com.other.encoder", "1.0.0", "");
        for (int death = 0; death < DeathCount.LIMIT; death++) {
            await(() -> states().stream().filter(s -> s.endsWith("ACTIVE")).count() == 2);
            PluginUse bystander =
                    runtime.store().inUse(runtime.bundle("com.other.encoder").getBundleId());
            PluginUse first = runtime.store().inUse(runtime.bundle(NAME).getBundleId());
            runtime.store().inUse(runtime.bundle(NAME).getBundleId());
            first.close();
            first.close();
            bystander.close();
            restart(); // With one use that never ended.
        }
        await(() -> states().equals(List.of("com.other.encoder 1.0.0 ACTIVE", NAME + " 1.0.0 QUARANTINED")));
        refused(acme, NAME, "1.0.0", "other bytes", UpdateError.QUARANTINED);
        restart();
        await(() -> states().equals(List.of("com.other.encoder 1.0.0 ACTIVE", NAME + " 1.0.0 QUARANTINED")));
        install(acme, NAME, "1.0.1", "");
    }

    @Test
    void uses_that_end_well_are_never_counted() throws Exception {
        install(acme, NAME, "1.0.0", "");
        for (int i = 0; i < DeathCount.LIMIT + 1; i++) {
            await(() -> states().equals(List.of(NAME + " 1.0.0 ACTIVE")));
            runtime.store().inUse(runtime.bundle(NAME).getBundleId()).close();
            runtime.store().inUse(0).close(); // The framework is no plugin.
            restart();
        }
        await(() -> states().equals(List.of(NAME + " 1.0.0 ACTIVE")));
    }

    // ---- names ----

    @ParameterizedTest
    @CsvSource({
        "io.nvremote.wireguard, 0.0.1",
        "io.nvremote.wireguard, 9.0.0",
        "io.nvremote.encode.software, 9.0.0",
        "IO.NVREMOTE.Encode.Software, 9.0.0",
        "io.nvremote.new, 1.0.0",
        "io.nvremote, 1.0.0",
        "us, 9.0.0",
        "org.apache.felix.scr, 99.0.0"
    })
    void the_platforms_names_are_nobody_elses(String name, String version) throws Exception {
        refused(acme, name, version, "", UpdateError.NAME_TAKEN);
        assertThat(runtime.bundle("io.nvremote.encode.software").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(runtime.bundle("io.nvremote.wireguard").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void the_platform_itself_raises_the_version_of_a_bundle_that_offers_what_plugins_do_and_no_other()
            throws Exception {
        refused(platform, "io.nvremote.wireguard", "9.0.0", "", UpdateError.NAME_TAKEN);
        refused(platform, "io.nvremote.encode.software", "0.0.9", "", UpdateError.NOT_NEWER);
        refused(platform, "io.nvremote.encode.software", "0.1.0", "", UpdateError.ALREADY_INSTALLED);
        PluginReport report = install(platform, "io.nvremote.encode.software", "9.0.0", "");
        assertThat(report.replaced()).isEqualTo("0.1.0");
        Bundle own = runtime.bundle("io.nvremote.encode.software");
        assertThat(own.getState()).isNotEqualTo(Bundle.ACTIVE);
        restart();
        await(() -> states().equals(List.of("io.nvremote.encode.software 9.0.0 ACTIVE")));
        runtime.store().remove("io.nvremote.encode.software");
        assertThat(runtime.bundle("io.nvremote.encode.software").getState())
                .as("the runtime's own serves again")
                .isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void a_name_is_its_publishers_and_its_versions_rise_until_it_is_removed() throws Exception {
        install(acme, NAME, "1.5.0", "");
        refused(other, NAME, "2.0.0", "", UpdateError.NAME_TAKEN);
        refused(other, "COM.acme.Encoder", "2.0.0", "", UpdateError.NAME_TAKEN);
        refused(acme, NAME, "1.5.0", "", UpdateError.ALREADY_INSTALLED);
        refused(acme, NAME, "1.4.9", "", UpdateError.NOT_NEWER);
        restart();
        await(() -> states().equals(List.of(NAME + " 1.5.0 ACTIVE")));
        refused(other, NAME, "2.0.0", "", UpdateError.NAME_TAKEN);
        assertThat(install(acme, NAME, "1.6.0", "").replaced()).isEqualTo("1.5.0");
        runtime.store().remove(NAME);
        refused(acme, NAME, "1.0.0", "constructor throws", UpdateError.DID_NOT_START);
        install(other, NAME, "1.0.0", "");
    }

    // ---- code that hangs or throws ----

    @ParameterizedTest
    @CsvSource({
        "constructor throws, DID_NOT_START",
        "constructor fails, DID_NOT_START",
        "immediate constructor throws, DID_NOT_START",
        "constructor hangs, DID_NOT_START",
        "immediate constructor hangs, DID_NOT_START"
    })
    void a_plugin_whose_activation_throws_or_hangs_is_told_in_bounded_time_and_others_go_on(
            String mode, UpdateError code) throws Exception {
        refused(acme, "com.acme.bad", "1.0.0", mode, code);
        assertThat(states().toString()).doesNotContain("ACTIVE");
        if (mode.contains("hangs")) {
            refused(acme, "com.acme.bad", "1.0.0", mode, UpdateError.QUARANTINED);
        }
        install(acme, NAME, "1.0.0", "");
        runtime.store().remove(NAME);
        assertThat(states().toString()).doesNotContain(NAME);
    }

    @Test
    void a_plugin_whose_deactivation_throws_is_removed() throws Exception {
        install(acme, NAME, "1.0.0", "deactivate throws");
        runtime.store().remove(NAME);
        assertThat(states()).isEmpty();
        install(acme, NAME, "1.0.0", "deactivate fails");
        install(acme, NAME, "1.1.0", "");
        assertThat(states()).containsExactly(NAME + " 1.1.0 ACTIVE");
    }

    @Test
    void a_plugin_whose_deactivation_hangs_is_told_truthfully_and_does_not_come_back() throws Exception {
        install(acme, NAME, "1.0.0", "deactivate hangs");
        assertThatThrownBy(() -> runtime.store().remove(NAME))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(UpdateError.DID_NOT_STOP));
        assertThat(states()).isEmpty();
        refused(acme, NAME, "1.0.0", "", UpdateError.QUARANTINED);
        install(acme, NAME, "1.1.0", "deactivate hangs");
        PluginReport next = install(acme, NAME, "1.2.0", "");
        assertThat(next.detail()).contains("1.1.0").contains("did not end");
        assertThat(states()).containsExactly(NAME + " 1.2.0 ACTIVE");
        restart();
        await(() -> states().equals(List.of(NAME + " 1.2.0 ACTIVE")));
    }

    // ---- withdrawal ----

    @Test
    void a_version_that_failed_stays_out_whatever_its_bytes_and_a_mended_one_comes_in() throws Exception {
        install(acme, NAME, "1.0.0", "");
        runtime.store().failed(runtime.bundle(NAME).getBundleId(), "made nothing");
        await(() -> states().equals(List.of(NAME + " 1.0.0 QUARANTINED")));
        assertThat(runtime.store().list().getFirst().detail()).isEqualTo("made nothing");
        assertThat(runtime.store().list().getFirst().publisher()).isEqualTo("CN=acme");
        refused(acme, NAME, "1.0.0", "", UpdateError.QUARANTINED);
        refused(acme, NAME, "1.0.0", "one byte more", UpdateError.QUARANTINED);
        restart();
        await(() -> states().equals(List.of(NAME + " 1.0.0 QUARANTINED")));
        runtime.store().remove(NAME);
        assertThat(states()).isEmpty();
        refused(acme, NAME, "1.0.0", "", UpdateError.QUARANTINED);
        install(acme, NAME, "1.0.1", "");
        assertThat(states()).containsExactly(NAME + " 1.0.1 ACTIVE");
    }
}
