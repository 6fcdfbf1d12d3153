// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Clock;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.tests.drivers.FakeDriver;
import io.nvremote.worker.WorkerBody;
import io.nvremote.worker.WorkerPlugin;
import io.nvremote.worker.Workers;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** Fake driver: the encoder as a bundle, with its settings, that can go. */
class FrameworkTest {

    private static final String API = "io.nvremote.core;version=0.1.0,io.nvremote.media;version=0.1.0,"
            + "io.nvremote.encode;version=0.1.0,io.nvremote.worker;version=0.1.0,org.slf4j;version=2.0.17,org.slf4j;version=1.7.36,"
            + "org.slf4j.event;version=2.0.17,org.slf4j.spi;version=2.0.17";

    @TempDir
    private Path storage;

    private Framework framework;

    @BeforeEach
    void start() throws BundleException {
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        storage.resolve("framework").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        API));
        framework.start();
        framework.getBundleContext().registerService(Workers.class, new WorkersHere(), null);
    }

    /** The body in this process: that it runs in others, NvencWorkerTest shows. */
    private static final class WorkersHere implements Workers {

        private record Here<S>(S service) implements WorkerPlugin<S> {

            @Override
            public void close() {
                try {
                    ((AutoCloseable) service).close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public <S> WorkerPlugin<S> start(
                Class<S> service, Class<? extends WorkerBody<S>> body, Map<String, String> settings) {
            try {
                return new Here<>(body.getConstructor().newInstance().make(settings));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
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

    private List<Bundle> installAll() throws Exception {
        List<Bundle> bundles = new ArrayList<>();
        for (String className : List.of(
                "org.osgi.util.function.Function",
                "org.osgi.util.promise.Promise",
                "org.osgi.service.component.ComponentContext",
                "org.apache.felix.cm.PersistenceManager",
                "org.apache.felix.scr.info.ScrInfo",
                "io.nvremote.encode.nvenc.NvencEncoder")) {
            bundles.add(install(className));
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        return bundles;
    }

    /** The configuration, by the service's own class loader: it is not this test's. */
    private void configure(Path driver) throws Exception {
        BundleContext context = framework.getBundleContext();
        Object admin =
                context.getService(context.getAllServiceReferences("org.osgi.service.cm.ConfigurationAdmin", null)[0]);
        Object configuration = admin.getClass()
                .getMethod("getConfiguration", String.class, String.class)
                .invoke(admin, NvencConfig.PID, "?");
        Dictionary<String, Object> values = FrameworkUtil.asDictionary(Map.of(
                "driver.folder", driver.toString(),
                "slots.folder", driver.resolve("slots").toString()));
        configuration.getClass().getMethod("update", Dictionary.class).invoke(configuration, values);
    }

    private ServiceReference<Encoder> encoder(Path driver) {
        BundleContext context = framework.getBundleContext();
        ServiceReference<Encoder> reference = null;
        for (int i = 0; i < 500 && !isConfigured(reference, driver); i++) {
            Clock.system().sleep(Duration.ofMillis(20));
            reference = context.getServiceReference(Encoder.class);
        }
        assertThat(isConfigured(reference, driver)).isTrue();
        return reference;
    }

    private static boolean isConfigured(ServiceReference<Encoder> reference, Path driver) {
        return reference != null && driver.toString().equals(reference.getProperty("driver.folder"));
    }

    private void stream(Path driver) {
        ServiceReference<Encoder> reference = encoder(driver);
        assertThat(reference.getProperty("encode.codec")).isEqualTo(new String[] {"h264", "hevc", "av1"});
        assertThat(reference.getProperty("encode.device")).isEqualTo("nvidia");
        assertThat(reference.getProperty(Constants.SERVICE_RANKING)).isEqualTo(100);
        Units units = new Units();
        BundleContext context = framework.getBundleContext();
        try (TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE);
                EncoderSession session = context.getService(reference).open(FakeMachine.SPEC, units)) {
            session.encode(cards.next(), false);
            session.encode(cards.next(), false);
        }
        assertThat(units.keyFrames()).containsExactly(0L);
        assertThat(units.all()).hasSize(2);
        context.ungetService(reference);
    }

    @Test
    void the_encoder_works_as_a_bundle_gives_back_the_gpu_and_is_collectable_once_gone() throws Exception {
        FakeDriver driver = FakeMachine.driver(storage, Map.of());
        Bundle encoder = installAll().getLast();
        configure(driver.folder());
        stream(driver.folder());
        WeakReference<ClassLoader> loader =
                new WeakReference<>(encoder.adapt(BundleWiring.class).getClassLoader());
        assertThat(loader.get()).isNotNull();
        encoder.uninstall();
        assertThat(driver.open()).isEmpty();
        framework.adapt(FrameworkWiring.class).refreshBundles(List.of(encoder));
        encoder = null;
        for (int i = 0; i < 100 && loader.get() != null; i++) {
            System.gc();
            Clock.system().sleep(Duration.ofMillis(50));
        }
        assertThat(loader.get()).as("class loader of the bundle that went").isNull();
        install("io.nvremote.encode.nvenc.NvencEncoder").start();
        stream(driver.folder());
        assertThat(driver.report()).isEmpty();
    }
}
