// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/** What the rules say of the runtimes: they are chosen by capability, and each provider can be updated alone. */
class RuntimesTest {

    @TempDir
    Path work;

    static List<String> runtimes() throws IOException {
        try (Stream<Path> folders = Files.list(Room.root().resolve("runtimes"))) {
            return folders.map(f -> f.getFileName().toString())
                    .filter(n -> Files.exists(Room.root().resolve("runtimes/" + n + "/" + n + ".bndrun")))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void there_are_the_four_runtimes_and_both_servers_in_one() throws IOException {
        assertThat(runtimes()).contains("control-plane", "gateway", "host-agent", "client", "all-in-one");
    }

    @ParameterizedTest
    @MethodSource("runtimes")
    void a_runtime_requires_capabilities_not_bundle_names(String runtime) throws IOException {
        String text = Files.readString(Room.root().resolve("runtimes/" + runtime + "/" + runtime + ".bndrun"));
        String requires = text.substring(0, text.indexOf("-runbundles:"));
        assertThat(namesOwnBundle(requires)).as(requires).isFalse();
        assertThat(namesOwnBundle("-runrequires: bnd.identity;id='io.nvremote.host'"))
                .isTrue();
    }

    /** So that {@code java -jar} needs no file beside it, and a configuration means the same in each. */
    @ParameterizedTest
    @MethodSource("runtimes")
    void a_runtime_brings_its_configuration_its_log_and_what_fills_placeholders_in(String runtime) throws IOException {
        Path jar = Room.root().resolve("runtimes/" + runtime + "/target/" + runtime + ".jar");
        try (JarFile file = new JarFile(jar.toFile())) {
            List<String> entries = file.stream().map(JarEntry::getName).toList();
            assertThat(entries)
                    .contains("nvremote/logback.xml", "nvremote/logging.properties")
                    .anyMatch(name -> name.startsWith("nvremote/config/"))
                    .anyMatch(name -> name.startsWith("jar/org.apache.felix.configadmin.plugin.interpolation"));
            try (var in = file.getInputStream(file.getEntry("launcher.properties"))) {
                java.util.Properties launcher = new java.util.Properties();
                launcher.load(in);
                assertThat(launcher.getProperty("felix.cm.config.plugins")).contains("interpolation");
            }
        }
    }

    private static boolean namesOwnBundle(String requires) {
        return requires.contains("id='io.nvremote.") || requires.contains("osgi.identity=io.nvremote.");
    }

    @ParameterizedTest
    @MethodSource("runtimes")
    void updating_a_provider_restarts_nothing_else(String runtime) throws IOException, BundleException {
        Path jar = Room.root().resolve("runtimes/" + runtime + "/target/" + runtime + ".jar");
        assertThat(jar).exists();
        Framework framework = framework();
        try {
            List<Bundle> ours = install(framework, jar);
            FrameworkWiring wiring = framework.adapt(FrameworkWiring.class);
            wiring.resolveBundles(ours);
            List<String> wide = new ArrayList<>();
            for (Bundle bundle : ours) {
                boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
                boolean exports = bundle.getHeaders().get(Constants.EXPORT_PACKAGE) != null;
                assertThat(bundle.getState()).as(bundle + " is resolved").isEqualTo(Bundle.RESOLVED);
                int radius = wiring.getDependencyClosure(List.of(bundle)).size();
                if (!fragment && !exports && radius != 1) {
                    wide.add(bundle.getSymbolicName() + " has refresh radius " + radius);
                }
            }
            assertThat(wide).isEmpty();
            Bundle core = ours.stream()
                    .filter(b -> b.getSymbolicName().equals("io.nvremote.core"))
                    .findFirst()
                    .orElseThrow();
            assertThat(wiring.getDependencyClosure(List.of(core)).size())
                    .as("the measure sees dependants")
                    .isGreaterThan(3);
        } finally {
            framework.stop();
        }
    }

    /** docs/decisions/0028: the page is one view of the client, the run without a page another; each may be absent. */
    @Test
    void the_client_resolves_without_any_of_its_views() throws IOException, BundleException {
        List<String> absent = List.of(
                "io.nvremote.client.headless",
                "io.nvremote.decode.software",
                "io.nvremote.decode.api",
                "io.nvremote.testcard.api",
                "io.nvremote.wrap.ffmpeg",
                "org.bytedeco.javacpp");
        assertThat(unresolved(absent)).isEmpty();
        assertThat(unresolved(
                        List.of("io.nvremote.client.page", "io.nvremote.console", "org.apache.felix.http.jetty12")))
                .isEmpty();
        assertThat(unresolved(List.of("io.nvremote.viewer.api"))).contains("io.nvremote.client");
    }

    /** Our bundles of the client's runtime that don't resolve when those are not there. */
    private List<String> unresolved(List<String> absent) throws IOException, BundleException {
        Framework framework = framework();
        try {
            List<Bundle> ours = install(framework, Room.root().resolve("runtimes/client/target/client.jar"));
            for (Bundle bundle : framework.getBundleContext().getBundles()) {
                if (absent.contains(bundle.getSymbolicName())) {
                    bundle.uninstall();
                }
            }
            List<Bundle> left = ours.stream()
                    .filter(bundle -> bundle.getState() != Bundle.UNINSTALLED)
                    .toList();
            assertThat(ours.size() - left.size()).as("those that were left out").isPositive();
            framework.adapt(FrameworkWiring.class).resolveBundles(left);
            return left.stream()
                    .filter(bundle -> bundle.getState() != Bundle.RESOLVED)
                    .map(Bundle::getSymbolicName)
                    .toList();
        } finally {
            framework.stop();
        }
    }

    private Framework framework() throws BundleException {
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, work.resolve("cache").toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "sun.misc,com.sun.net.httpserver,com.sun.management");
        Framework framework =
                ServiceLoader.load(FrameworkFactory.class).iterator().next().newFramework(properties);
        framework.start();
        return framework;
    }

    /** Installs every bundle of the runtime's executable jar; answers ours. */
    private static List<Bundle> install(Framework framework, Path jar) throws IOException, BundleException {
        List<Bundle> ours = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream()
                    .filter(e -> e.getName().startsWith("jar/") && e.getName().endsWith(".jar"))
                    .filter(e -> !e.getName().contains("org.apache.felix.framework-"))
                    .toList()) {
                try (var in = file.getInputStream(entry)) {
                    Bundle bundle = framework.getBundleContext().installBundle("runtime:" + entry.getName(), in);
                    String name = bundle.getSymbolicName();
                    if (name != null && name.startsWith("io.nvremote.")) {
                        ours.add(bundle);
                    }
                }
            }
        }
        return ours;
    }
}
