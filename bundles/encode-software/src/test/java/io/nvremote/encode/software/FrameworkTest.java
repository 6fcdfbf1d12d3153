// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.testcard.TestcardReader;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/** Encoder and decoder as bundles: JavaCPP with FFmpeg as its fragment, services, and an encoder bundle that can go. */
class FrameworkTest {

    private static final String API =
            "io.nvremote.core,io.nvremote.media,io.nvremote.encode,io.nvremote.decode,io.nvremote.worker,"
                    + "org.slf4j;version=2.0.17,org.slf4j;version=1.7.36,org.slf4j.event;version=2.0.17,org.slf4j.spi;version=2.0.17";
    private static final Size SIZE = new Size(640, 360);

    @TempDir
    private Path storage;

    private Framework framework;

    @BeforeEach
    void start() throws BundleException {
        Map<String, String> properties = Map.of(
                Constants.FRAMEWORK_STORAGE,
                storage.toString(),
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                versioned(API) + ",sun.misc",
                "org.osgi.framework.bootdelegation",
                "sun.misc");
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(properties);
        framework.start();
    }

    private static String versioned(String packages) {
        return packages.replace("io.nvremote.core", "io.nvremote.core;version=0.1.0")
                .replaceAll("(io\\.nvremote\\.(?:media|encode|decode|worker))", "$1;version=0.1.0");
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
                "org.apache.felix.scr.info.ScrInfo",
                "org.bytedeco.javacpp.Pointer",
                "io.nvremote.decode.software.SoftwareDecoder",
                "io.nvremote.encode.software.SoftwareEncoder")) {
            bundles.add(install(className));
        }
        install("io.nvremote.wrap.ffmpeg.Ffmpeg"); // a fragment: attached, never started
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        return bundles;
    }

    private <S> ServiceReference<S> reference(Class<S> type) {
        BundleContext context = framework.getBundleContext();
        long until = Clock.system().nanos() + Duration.ofSeconds(10).toNanos();
        ServiceReference<S> reference = context.getServiceReference(type);
        while (reference == null && Clock.system().nanos() < until) {
            Clock.system().sleep(Duration.ofMillis(20));
            reference = context.getServiceReference(type);
        }
        assertThat(reference).as(type + " is a service").isNotNull();
        return reference;
    }

    private void stream(Codec codec, int count) {
        BundleContext context = framework.getBundleContext();
        ServiceReference<Encoder> encoder = reference(Encoder.class);
        ServiceReference<Decoder> decoder = reference(Decoder.class);
        assertThat(encoder.getProperty("encode.codec")).isEqualTo(new String[] {"h264", "av1"});
        assertThat(encoder.getProperty("encode.device")).isEqualTo("software");
        assertThat(encoder.getProperty(Constants.SERVICE_RANKING)).isEqualTo(0);
        assertThat(decoder.getProperty("decode.codec")).isEqualTo(new String[] {"h264", "hevc", "av1"});
        List<Integer> numbers = new ArrayList<>();
        EncodeSpec spec = EncodeSpec.of(codec, SIZE, new FrameRate(60), Bitrate.ofMegabits(4));
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                DecoderSession decoding = context.getService(decoder)
                        .open(
                                codec,
                                frame -> numbers.add(TestcardReader.read(frame.host())
                                        .orElseThrow()
                                        .number()));
                EncoderSession encoding = context.getService(encoder).open(spec, decoding::decode)) {
            for (int i = 0; i < count; i++) {
                encoding.encode(cards.next(), false);
                assertThat(numbers).hasSize(i + 1).endsWith(i);
            }
        }
        context.ungetService(encoder);
        context.ungetService(decoder);
    }

    @Test
    void encoder_and_decoder_work_as_bundles_and_the_encoder_bundle_is_collectable_once_gone() throws Exception {
        Bundle encoder = installAll().getLast();
        stream(Codec.H264, 30);
        stream(Codec.AV1, 30);
        WeakReference<ClassLoader> loader = new WeakReference<>(
                encoder.adapt(org.osgi.framework.wiring.BundleWiring.class).getClassLoader());
        assertThat(loader.get()).isNotNull();
        encoder.uninstall();
        framework.adapt(FrameworkWiring.class).refreshBundles(List.of(encoder));
        encoder = null;
        for (int i = 0; i < 100 && loader.get() != null; i++) {
            System.gc();
            Clock.system().sleep(Duration.ofMillis(50));
        }
        assertThat(loader.get()).as("class loader of the bundle that went").isNull();
        install("io.nvremote.encode.software.SoftwareEncoder").start();
        stream(Codec.H264, 30);
    }
}
