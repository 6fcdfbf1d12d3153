// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.runtime.Inventory;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** Components that were refused a service once, or that a whiteboard was, and would go without for as long as it is registered. */
class RefusedTest {

    private static final String API =
            "io.nvremote.core;version=0.1.0,io.nvremote.runtime;version=0.1.0,org.slf4j;version=2.0.17,org.slf4j.event;version=2.0.17,org.slf4j.spi;version=2.0.17";
    private static final String NAMESPACE = " xmlns:scr='http://www.osgi.org/xmlns/scr/v1.4.0'";
    private static final List<String> ALL =
            List.of("needs.here", "far.here", "takes.here", "offered.here", "listens.again");

    @TempDir
    private Path folder;

    private Framework framework;

    @BeforeEach
    void start() throws Exception {
        forget();
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.resolve("cache").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        API));
        framework.start();
        for (String type : List.of(
                "org.osgi.util.function.Function",
                "org.osgi.util.promise.Promise",
                "org.osgi.service.component.ComponentContext",
                "org.apache.felix.cm.PersistenceManager",
                "org.apache.felix.scr.info.ScrInfo")) {
            install(type).start();
        }
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
        forget();
    }

    @Test
    void get_it_once_it_is_there() throws Exception {
        BundleContext context = framework.getBundleContext();
        ServiceFactory<Object> foreign = new ServiceFactory<>() {
            @Override
            public @Nullable Object getService(Bundle bundle, ServiceRegistration<Object> registration) {
                Supplier<String> here = () -> "here";
                return Boolean.getBoolean(RefusedParts.WORKS) ? here : null;
            }

            @Override
            public void ungetService(Bundle bundle, ServiceRegistration<Object> registration, Object service) {
                // Nothing is kept.
            }
        };
        context.registerService(
                Supplier.class.getName(),
                foreign,
                FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, -1, "by", "other")));
        context.addServiceListener(new Whiteboard(context), "(objectClass=" + Runnable.class.getName() + ")");
        context.installBundle(components().toUri().toString()).start();
        System.setProperty(RefusedParts.WORKS, "true");
        ServiceReference<?> reference = context.getServiceReference(Supplier.class.getName());
        assertThat(context.getService(reference)).as("who asks now gets it").isNotNull();
        assertThat(ALL).as("nobody who was refused it asks again").noneMatch(RefusedTest::told);

        install("io.nvremote.runtime.watch.RuntimeWatch").start();
        for (int i = 0; i < 1_200 && !ALL.stream().allMatch(RefusedTest::told); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(ALL).allMatch(RefusedTest::told);
    }

    /** Asks for what it is offered once, as those for servlets and for REST do. */
    private static final class Whiteboard implements ServiceListener, Inventory {

        private final BundleContext context;
        private final Set<Long> refused = ConcurrentHashMap.newKeySet();
        private volatile boolean deaf = true;

        Whiteboard(BundleContext context) {
            this.context = context;
            context.registerService(Inventory.class, this, null);
        }

        @Override
        public void serviceChanged(ServiceEvent event) {
            if (event.getType() != ServiceEvent.REGISTERED) {
                return;
            }
            if (context.getService(event.getServiceReference()) instanceof Runnable offered) {
                offered.run();
            } else {
                refused.add((Long) event.getServiceReference().getProperty(Constants.SERVICE_ID));
            }
        }

        @Override
        public Set<String> atWork() {
            return Set.of();
        }

        @Override
        public Set<Long> refused() {
            return Set.copyOf(refused);
        }

        @Override
        public boolean deaf() {
            return deaf;
        }

        @Override
        public void startAnew() {
            deaf = false;
            System.setProperty(RefusedParts.PREFIX + "listens.again", "true");
        }
    }

    private static boolean told(String what) {
        return Boolean.getBoolean(RefusedParts.PREFIX + what);
    }

    private static void forget() {
        System.clearProperty(RefusedParts.WORKS);
        ALL.forEach(what -> System.clearProperty(RefusedParts.PREFIX + what));
    }

    /** Installs the jar or folder that a class of the test's class path comes from. */
    private Bundle install(String className) throws Exception {
        Path place = Path.of(Class.forName(className, false, getClass().getClassLoader())
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return framework.getBundleContext().installBundle("reference:file:" + place);
    }

    private Path components() throws Exception {
        Path jar = folder.resolve("components.jar");
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "components");
        main.putValue("Service-Component", "OSGI-INF/*.xml");
        main.putValue(
                "Require-Capability",
                "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.4)(!(version>=2)))\"");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            classFile(out, RefusedParts.class);
            for (Class<?> type : RefusedParts.class.getDeclaredClasses()) {
                classFile(out, type);
            }
            String supplier = "interface='java.util.function.Supplier'";
            component(
                    out,
                    "Sometimes",
                    "",
                    "<property name='by'>component</property><service><provide " + supplier + "/></service>");
            component(
                    out,
                    "Needs",
                    "init='1' immediate='true'",
                    "<reference name='it' parameter='0' target='(by=component)' " + supplier + "/>");
            component(
                    out,
                    "Between",
                    "init='1'",
                    "<service><provide interface='java.util.concurrent.Callable'/></service>"
                            + "<reference name='it' parameter='0' target='(by=component)' " + supplier + "/>");
            component(
                    out,
                    "Offered",
                    "init='1'",
                    "<service><provide interface='java.lang.Runnable'/></service>"
                            + "<reference name='it' parameter='0' target='(by=component)' " + supplier + "/>");
            component(
                    out,
                    "Far",
                    "init='1' immediate='true'",
                    "<reference name='it' parameter='0' interface='java.util.concurrent.Callable'/>");
            component(
                    out,
                    "Takes",
                    "immediate='true'",
                    "<reference name='it' cardinality='0..1' policy='dynamic' policy-option='greedy' bind='came' unbind='gone' target='(by=other)' "
                            + supplier + "/>");
        }
        return jar;
    }

    private static void component(JarOutputStream out, String type, String attributes, String content)
            throws Exception {
        out.putNextEntry(new ZipEntry("OSGI-INF/" + type + ".xml"));
        String text = "<scr:component" + NAMESPACE + " name='" + type + "' " + attributes + "><implementation class='"
                + RefusedParts.class.getName() + "$" + type + "'/>" + content + "</scr:component>";
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void classFile(JarOutputStream out, Class<?> type) throws Exception {
        String name = type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new ZipEntry(name));
        try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
            in.transferTo(out);
        }
    }
}
