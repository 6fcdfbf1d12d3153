// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Clock;
import io.nvremote.tests.jars.JarFiles;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.updates.phasein.sample.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/**
 * A framework with SCR and a store of plugins in it, as a runtime has: the store's bundle has a lower start level than bundles that are
 * installed later get.
 */
final class RuntimeWithPlugins implements AutoCloseable {

    private static final int OURS = 40;
    private static final int LATER = 90;

    private final Framework framework;
    private final BundleContext context;
    private final PhaseInSettings settings;
    private final PluginStore store;

    private RuntimeWithPlugins(Framework framework, BundleContext context, PhaseInSettings settings) {
        this.framework = framework;
        this.context = context;
        this.settings = settings;
        this.store = new PluginStore(context, settings, Clock.system());
    }

    /** Starts it and lets it restore what is in the data folder. {@code own} are the runtime's own bundles. */
    static RuntimeWithPlugins start(Path data, Path publishers, Path... own) throws Exception {
        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        Files.createTempDirectory(data, "cache").toString(),
                        Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                        Integer.toString(OURS)));
        framework.start();
        for (String className : List.of(
                "org.osgi.util.function.Function",
                "org.osgi.util.promise.Promise",
                "org.osgi.service.component.ComponentContext",
                "org.apache.felix.scr.info.ScrInfo")) {
            Path place = Path.of(Class.forName(className, false, RuntimeWithPlugins.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            framework
                    .getBundleContext()
                    .installBundle("reference:file:" + place)
                    .start();
        }
        for (Path jar : own) {
            framework.getBundleContext().installBundle("file:" + jar).start();
        }
        Path empty = JarFiles.jar(
                data,
                Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "us", "Bundle-Version", "1"),
                Map.of());
        Bundle us = framework.getBundleContext().installBundle("file:" + empty);
        us.adapt(BundleStartLevel.class).setStartLevel(OURS);
        us.start();
        framework.adapt(FrameworkStartLevel.class).setInitialBundleStartLevel(LATER);
        RuntimeWithPlugins runtime = new RuntimeWithPlugins(
                framework,
                us.getBundleContext(),
                new PhaseInSettings(
                        data, publishers, Duration.ofMillis(200), Duration.ofSeconds(4), Duration.ofSeconds(1)));
        runtime.store.restore();
        return runtime;
    }

    PluginStore store() {
        return store;
    }

    BundleContext context() {
        return context;
    }

    Path data() {
        return settings.data();
    }

    Bundle bundle(String name) {
        return Stream.of(context.getBundles())
                .filter(b -> name.equals(b.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws BundleException {
        store.close();
        framework.stop();
    }

    /** A signed plugin whose component does what {@code mode} says; {@code immediate} ones are activated when they start. */
    static Path plugin(Path folder, Publisher signer, String name, String version, String mode) throws Exception {
        return signer.sign(bundle(folder, name, version, mode));
    }

    /** The same, not signed. */
    static Path bundle(Path folder, String name, String version, String mode) throws IOException {
        Map<String, String> headers = JarFiles.pluginHeaders();
        headers.put("Bundle-SymbolicName", name);
        headers.put("Bundle-Version", version);
        headers.put("Service-Component", "OSGI-INF/component.xml");
        boolean immediate = mode.startsWith("immediate ");
        String type = Sample.class.getName();
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(
                "OSGI-INF/component.xml", """
                <?xml version="1.0" encoding="UTF-8"?>
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%s" immediate="%s" deactivate="gone">
                  <implementation class="%s"/>
                  <service><provide interface="java.lang.Runnable"/></service>
                </scr:component>
                """.formatted(name, immediate, type).getBytes(StandardCharsets.UTF_8));
        entries.put(JarFiles.path(Sample.class), JarFiles.bytes(Sample.class));
        entries.put("mode.txt", mode.replace("immediate ", "").getBytes(StandardCharsets.UTF_8));
        return JarFiles.jar(folder, headers, entries);
    }
}
