// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.kit.Checkout;
import io.nvremote.tests.kit.Waiting;
import io.nvremote.tests.operators.Container.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;

/** The bundles of exported jars in frameworks of this process (docs/decisions/0045). */
class ContainerTest {

    private static final String CONFIGURATION = """
            {":configurator:resource-version": 1, ":configurator:symbolic-name": "test", ":configurator:version": "1.0.0",
             "io.nvremote.gateway": {"bind.address": "$[prop:test.address]", "udp.port:Integer": 0, "metrics.port:Integer": 0}}""";

    private static final Map<String, String> GATEWAY =
            Map.of("configurator.initial", CONFIGURATION, "test.address", "127.0.0.1");

    private static final String ROLE = "io.nvremote.gateway.GatewayRole";

    @TempDir
    Path folder;

    @BeforeAll
    static void quiet() {
        System.setProperty(
                "logback.configurationFile",
                Checkout.root().resolve("runtimes/logback.xml").toString());
    }

    @ParameterizedTest
    @CsvSource({"FELIX,gateway", "EQUINOX,gateway", "FELIX,host-agent", "EQUINOX,host-agent"})
    void every_bundle_of_a_jar_runs_from_cold(Kind framework, String runtime) throws Exception {
        try (Container container = Container.start(framework, JarProcess.runtime(runtime), folder, GATEWAY)) {
            assertThat(container.idle()).isEmpty();
            assertThat(container.bundles()).hasSizeGreaterThan(30);
            if (runtime.equals("gateway")) {
                Waiting.until(() -> container.offers(ROLE), "the role runs, by a configuration with a placeholder");
            }
        }
    }

    /** One after the other, in an order that was drawn once. */
    @ParameterizedTest
    @CsvSource({"FELIX,gateway", "EQUINOX,gateway", "FELIX,host-agent", "EQUINOX,host-agent", "FELIX,client"})
    void each_bundle_stops_and_starts_again_and_leaves_nothing_behind(Kind framework, String runtime) throws Exception {
        Set<String> before = threads();
        try (Container container = Container.start(framework, JarProcess.runtime(runtime), folder, GATEWAY)) {
            List<String> services = settled(container, runtime);
            List<Bundle> order = new ArrayList<>(container.bundles());
            Collections.shuffle(order, new Random(7));
            for (Bundle bundle : order) {
                bundle.stop(Bundle.STOP_TRANSIENT);
                assertThat(bundle.getRegisteredServices())
                        .as("left registered by " + bundle)
                        .isNull();
                assertThat(bundle.getServicesInUse())
                        .as("still used by " + bundle)
                        .isNull();
                bundle.start(Bundle.START_TRANSIENT);
                assertThat(bundle.getState()).as(bundle + " runs again").isEqualTo(Bundle.ACTIVE);
            }
            Waiting.until(() -> sameServices(container, services), "all services are there again, each once");
        }
        Waiting.until(() -> before.containsAll(threads()), "no thread is left: " + left(before));
    }

    /** Wirings are thrown away again and again, of whatever was drawn once with all that hangs on it, and nobody waits for the last one. */
    @ParameterizedTest
    @CsvSource({"FELIX,gateway", "EQUINOX,gateway", "FELIX,host-agent"})
    void a_storm_of_refreshes_ends_with_all_at_work(Kind framework, String runtime) throws Exception {
        Set<String> before = threads();
        try (Container container = Container.start(framework, JarProcess.runtime(runtime), folder, GATEWAY)) {
            List<String> services = settled(container, runtime);
            container.refresh(40, new Random(11));
            assertThat(container.idle()).isEmpty();
            Waiting.until(() -> sameServices(container, services), "all services are there again, each once");
        }
        Waiting.until(() -> before.containsAll(threads()), "no thread is left: " + left(before));
    }

    /** What is registered once all that can run does. */
    private static List<String> settled(Container container, String runtime) throws Exception {
        if (runtime.equals("gateway")) {
            Waiting.until(() -> container.offers(ROLE), "the role runs");
        }
        return container.services();
    }

    private static boolean sameServices(Container container, List<String> services) {
        try {
            return container.services().equals(services);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** But for those that the JDK runs virtual threads on, and a framework's that wait for more to resolve. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.matches("(ForkJoinPool-1-|VirtualThread-|FelixResolver-|Resolver thread).*"))
                .collect(Collectors.toSet());
    }

    private static List<String> left(Set<String> before) {
        return threads().stream().filter(name -> !before.contains(name)).toList();
    }

    /** And not without what it can't do without: the measure sees that. */
    @ParameterizedTest
    @CsvSource({
        "io.nvremote.updates.bundles, true",
        "io.nvremote.runtime.watch, true",
        "io.nvremote.relay.grpc, true",
        "io.nvremote.keys.file, true",
        "io.nvremote.relay.blind, false",
    })
    void the_role_starts_without_what_is_optional(String missing, boolean runs) throws Exception {
        try (Container container = Container.start(Kind.FELIX, JarProcess.runtime("gateway"), folder, GATEWAY)) {
            Waiting.until(() -> container.offers(ROLE), "the role runs");
            Bundle bundle = container.bundles().stream()
                    .filter(each -> each.getSymbolicName().equals(missing))
                    .findFirst()
                    .orElseThrow();
            bundle.uninstall();
            assertThat(container.offers(ROLE)).isEqualTo(runs);
        }
    }
}
