// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.runtime.FailedPart;
import io.nvremote.runtime.RuntimeHealth;
import io.nvremote.runtime.Underway;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleWiring;

/** A runtime in this process: Felix, SCR, the bundle that replaces others, and three that can be replaced. Asked by its socket. */
final class RunningFramework implements AutoCloseable {

    private static final String API =
            "io.nvremote.core;version=0.1.0,io.nvremote.runtime;version=0.1.0,io.nvremote.updates;version=0.1.0,"
                    + "org.slf4j;version=2.0.17,org.slf4j.event;version=2.0.17,org.slf4j.spi;version=2.0.17";
    private static final int OURS = 2;
    private static final int THEIRS = 5;

    private final Framework framework;
    private final Map<Bundle, BundleWiring> wirings = new HashMap<>();
    private final Path bundles;

    /** What it is shipped with, in an order in which nobody is there before it needs to be. */
    RunningFramework(Path folder, boolean well, Path... shipped) throws Exception {
        bundles = folder.resolve("bundles");
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.resolve("cache").toString(),
                        Constants.FRAMEWORK_STORAGE_CLEAN,
                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                        Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                        "10",
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        API,
                        BundleUpdater.FOLDER,
                        bundles.toString()));
        framework.init();
        for (String type : List.of(
                "org.osgi.util.function.Function",
                "org.osgi.util.promise.Promise",
                "org.osgi.service.component.ComponentContext",
                "com.fasterxml.jackson.core.JsonParser",
                "com.fasterxml.jackson.annotation.JsonProperty",
                "com.fasterxml.jackson.databind.ObjectMapper",
                "org.apache.felix.scr.info.ScrInfo")) {
            at(1, "reference:file:" + place(type));
        }
        at(OURS, "reference:file:" + place(BundleUpdater.class.getName()));
        for (Path jar : shipped) {
            at(THEIRS, jar.toUri().toString());
        }
        RuntimeHealth health = () -> well ? List.of() : List.of(new FailedPart("a.part", "is not well"));
        context().registerService(RuntimeHealth.class, health, null);
        framework.start();
        await("the start", () -> framework.getState() == Bundle.ACTIVE);
        Arrays.stream(context().getBundles()).forEach(bundle -> wirings.put(bundle, bundle.adapt(BundleWiring.class)));
    }

    /** Bundles other than {@code a.part} that have lost their classes since the start, or do not run. */
    List<String> touched() {
        return wirings.entrySet().stream()
                .filter(one -> !"a.part".equals(one.getKey().getSymbolicName()))
                .filter(one -> one.getKey().getState() != Bundle.ACTIVE
                        || !one.getValue().equals(one.getKey().adapt(BundleWiring.class)))
                .map(one -> one.getKey().toString())
                .toList();
    }

    private BundleContext context() {
        return framework.getBundleContext();
    }

    private void at(int level, String location) throws BundleException {
        Bundle bundle = context().installBundle(location);
        bundle.adapt(BundleStartLevel.class).setStartLevel(level);
        bundle.start();
    }

    /** The jar or folder that a class of the test's class path comes from. */
    private static Path place(String className) throws Exception {
        return Path.of(Class.forName(className, false, RunningFramework.class.getClassLoader())
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    JsonNode ask(Map<String, String> request) throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(bundles.resolve("bundles.sock")))) {
            channel.write(ByteBuffer.wrap(json.writeValueAsBytes(request)));
            channel.shutdownOutput();
            return json.readTree(Channels.newInputStream(channel).readAllBytes());
        }
    }

    JsonNode update(Path jar, String when) throws IOException {
        return ask(Map.of("command", "update", "file", jar.toString(), "when", when));
    }

    /** What the list says of a bundle. */
    JsonNode listed(String name) throws IOException {
        for (JsonNode one : ask(Map.of("command", "list")).path("bundles")) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("not listed: " + name);
    }

    /** States of the changes so far. */
    List<String> history() throws IOException {
        return ask(Map.of("command", "history")).path("history").findValuesAsText("state");
    }

    /** The versions of that name that are active. */
    List<String> active(String name) {
        return Arrays.stream(context().getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()) && bundle.getState() == Bundle.ACTIVE)
                .map(bundle -> bundle.getVersion().toString())
                .toList();
    }

    /** Whether the component that can't be without the replaced one is made, and of it. */
    boolean userRuns() {
        return Arrays.stream(context().getBundles())
                .filter(bundle -> "a.user".equals(bundle.getSymbolicName()))
                .anyMatch(bundle -> {
                    var references = bundle.getRegisteredServices();
                    return references != null
                            && references.length == 1
                            && context().getService(references[0]) != null;
                });
    }

    /** What {@link #userRuns} says is under way. */
    List<String> underway() {
        ServiceReference<Underway> reference = context().getServiceReference(Underway.class);
        return context().getService(reference).underway();
    }

    /** That version of {@code a.part}; null if it is not in the framework. */
    @Nullable
    Bundle part(String version) {
        return Arrays.stream(context().getBundles())
                .filter(bundle -> "a.part".equals(bundle.getSymbolicName())
                        && bundle.getVersion().toString().equals(version))
                .findFirst()
                .orElse(null);
    }

    void awaitVersion(String version) {
        await(version + " of a.part", () -> active("a.part").equals(List.of(version)) && userRuns());
    }

    void await(String what, BooleanSupplier done) {
        for (int i = 0; i < 600 && !done.getAsBoolean(); i++) {
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        if (!done.getAsBoolean()) {
            throw new AssertionError(what + " did not come: a.part " + active("a.part") + ", user " + userRuns());
        }
    }

    String state() throws IOException {
        return Files.readString(bundles.resolve("state.json"));
    }

    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            framework.waitForStop(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
