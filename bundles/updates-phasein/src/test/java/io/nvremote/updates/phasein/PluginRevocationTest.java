// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.lib.signed.Revocations;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.UpdateError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trust that is taken back while a plugin runs, and given again. */
class PluginRevocationTest {

    private static final String NAME = "com.acme.encoder";

    @TempDir
    Path data;

    private Path publishers;
    private Publisher acme;
    private RuntimeWithPlugins runtime;

    @BeforeEach
    void start() throws Exception {
        publishers = data.resolve("publishers");
        acme = Publisher.of(data, "acme").trustIn(publishers);
        runtime = RuntimeWithPlugins.start(data, publishers);
    }

    @AfterEach
    void stop() throws Exception {
        runtime.close();
    }

    private void restart() throws Exception {
        runtime.close();
        runtime = RuntimeWithPlugins.start(data, publishers);
    }

    private void revoked(String text) throws Exception {
        Path next = Files.writeString(data.resolve("next"), text);
        Files.move(next, publishers.resolve(Revocations.FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    private String key() throws Exception {
        return "key " + Revocations.keyDigest(acme.certificate()) + " stolen\n";
    }

    private PluginReport.State state() {
        return runtime.store().list().stream()
                .map(PluginReport::state)
                .findFirst()
                .orElse(null);
    }

    private String detail() {
        return runtime.store().list().getFirst().detail();
    }

    private boolean runs() {
        return Stream.of(runtime.context().getBundles()).anyMatch(bundle -> NAME.equals(bundle.getSymbolicName()));
    }

    private static void await(BooleanSupplier condition) {
        Clock clock = Clock.system();
        long end = clock.nanos() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean() && clock.nanos() < end) {
            clock.sleep(Duration.ofMillis(10));
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private void install(String version) throws Exception {
        runtime.store().install(RuntimeWithPlugins.plugin(data, acme, NAME, version, "good"));
    }

    @Test
    void what_runs_is_stopped_says_why_and_comes_back_when_trust_is_given_again() throws Exception {
        install("1.0.0");
        revoked("# nothing\n");
        assertThat(runs()).isTrue();
        revoked("# nothing\n" + key());
        await(() -> state() == PluginReport.State.REVOKED);
        assertThat(runs()).isFalse();
        assertThat(detail()).isEqualTo("the key of CN=acme is revoked (revoked.txt, line 2): stolen");
        assertThatThrownBy(() -> install("1.1.0"))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(UpdateError.REVOKED));
        restart();
        await(() -> state() == PluginReport.State.REVOKED);
        assertThat(runs()).isFalse();
        revoked("# nothing\n");
        await(() -> state() == PluginReport.State.ACTIVE);
        assertThat(runs()).isTrue();
    }

    @Test
    void one_file_is_revoked_and_its_publisher_goes_on_with_the_next() throws Exception {
        install("1.0.0");
        String location = Stream.of(runtime.context().getBundles())
                .filter(bundle -> NAME.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow()
                .getLocation();
        revoked("file " + location.substring(location.lastIndexOf(':') + 1) + "\n");
        await(() -> state() == PluginReport.State.REVOKED);
        assertThat(detail()).startsWith("this file is revoked");
        install("1.0.1");
        assertThat(state()).isEqualTo(PluginReport.State.ACTIVE);
        assertThat(runs()).isTrue();
    }

    @Test
    void a_wrong_line_stops_nothing_that_runs_lets_nothing_in_and_hides_no_right_one() throws Exception {
        install("1.0.0");
        revoked("keyy\n");
        assertThatThrownBy(() -> install("1.1.0"))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(UpdateError.REVOCATIONS_UNREADABLE))
                .hasMessageContaining("line 1");
        assertThat(state()).isEqualTo(PluginReport.State.ACTIVE);
        restart();
        await(() -> state() == PluginReport.State.NOT_RESTORED);
        assertThat(detail()).contains("line 1");
        revoked("# mended\n");
        await(() -> state() == PluginReport.State.ACTIVE);
        revoked("keyy\n" + key());
        await(() -> state() == PluginReport.State.REVOKED);
        assertThat(runs()).isFalse();
    }

    @Test
    void one_that_is_revoked_is_forgotten_when_it_is_removed() throws Exception {
        install("1.0.0");
        revoked(key());
        await(() -> state() == PluginReport.State.REVOKED);
        runtime.store().remove(NAME);
        assertThat(runtime.store().list()).isEmpty();
        revoked("# nothing\n");
        restart();
        assertThat(data.resolve("plugins").resolve(NAME + ".jar")).doesNotExist();
    }
}
