// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway's real runtime, with the bundle of a vendor in it that counts something of its own. */
class VendorMetricsTest {

    private static final String METER = """
            package com.acme;

            import io.nvremote.telemetry.Counter;
            import io.nvremote.telemetry.Metric;
            import io.nvremote.telemetry.MetricReport;
            import io.nvremote.telemetry.MetricSource;

            public final class Meter implements MetricSource {
                private final Counter looks = new Counter(Metric.of("acme_looks", "", "Looks at this.", "eye"), "left");

                public void report(MetricReport to) {
                    looks.increment();
                    looks.report(to);
                }
            }
            """;

    private static final String COMPONENT = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="com.acme.Meter">
              <implementation class="com.acme.Meter"/>
              <service><provide interface="io.nvremote.telemetry.MetricSource"/></service>
            </scr:component>
            """;

    @TempDir
    Path folder;

    @Test
    void what_a_vendors_bundle_counts_is_on_the_gateways_page_beside_its_own() throws Exception {
        int page = RunningControlPlane.freePort();
        Process gateway = start(withVendor(), page);
        try (HttpClient http = HttpClient.newHttpClient()) {
            String metrics = "";
            for (int i = 0; !metrics.contains("acme_looks_total{eye=\"left\"} "); i++) {
                assertThat(i)
                        .as(metrics + Files.readString(folder.resolve("log")))
                        .isLessThan(720);
                assertThat(gateway.isAlive()).isTrue();
                TimeUnit.MILLISECONDS.sleep(250);
                metrics = scrape(http, page);
            }
            assertThat(metrics)
                    .contains("# HELP acme_looks_total Looks at this.\n# TYPE acme_looks_total counter\n")
                    .contains("nvremote_gateway_sessions 0\n", "nvremote_gateway_received_datagrams_total 0\n");
            assertThat(looks(scrape(http, page))).isEqualTo(looks(metrics) + 1);
        } finally {
            gateway.destroyForcibly().waitFor();
        }
    }

    private static long looks(String metrics) {
        return metrics.lines()
                .filter(line -> line.startsWith("acme_looks_total{"))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Empty while nobody answers. */
    private static String scrape(HttpClient http, int page) throws InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + page + "/metrics");
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        }
    }

    private Process start(Path runtime, int page) throws IOException {
        Path config = folder.resolve("config.json");
        Files.writeString(config, """
                {":configurator:resource-version": 1, ":configurator:symbolic-name": "com.acme", ":configurator:version": "1.0.0",
                 "io.nvremote.gateway": {"bind.address": "127.0.0.1", "udp.port:Integer": 0, "metrics.port:Integer": %d}}
                """.formatted(page));
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dorg.osgi.framework.storage=" + folder.resolve("cache"),
                        "-Dconfigurator.initial=" + config.toUri(),
                        "-Dlogback.configurationFile="
                                + RunningControlPlane.root().resolve("runtimes/logback.xml"),
                        "-jar",
                        runtime.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** The runtime as it was built, and one bundle more in the launcher's list. */
    private Path withVendor() throws IOException {
        Path built = RunningControlPlane.root().resolve("runtimes/gateway/target/gateway.jar");
        Path made = folder.resolve("gateway.jar");
        try (JarFile runtime = new JarFile(built.toFile());
                OutputStream file = Files.newOutputStream(made);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (JarEntry entry : Collections.list(runtime.entries())) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                try (InputStream in = runtime.getInputStream(entry)) {
                    if (entry.getName().equals("launcher.properties")) {
                        out.write(launched(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)));
                    } else {
                        in.transferTo(out);
                    }
                }
            }
            out.putNextEntry(new ZipEntry("jar/acme.jar"));
            Files.copy(vendor(built), out);
        }
        return made;
    }

    private static byte[] launched(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        properties.merge("launch.bundles", "jar/acme.jar", (list, more) -> list + "," + more);
        try (var out = new java.io.ByteArrayOutputStream()) {
            properties.store(out, null);
            return out.toByteArray();
        }
    }

    /** Compiled against the contract alone. */
    private Path vendor(Path runtime) throws IOException {
        Path source = Files.writeString(folder.resolve("Meter.java"), METER);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int result = compiler.run(
                null, null, null, "-d", classes.toString(), "-cp", contract(runtime), "-proc:none", source.toString());
        assertThat(result).isZero();
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "com.acme.meter");
        headers.putValue("Bundle-Version", "1.0.0");
        headers.putValue("Import-Package", "io.nvremote.telemetry;version=\"[0.1,1)\"");
        headers.putValue("Service-Component", "OSGI-INF/meter.xml");
        Path jar = folder.resolve("acme.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            out.putNextEntry(new ZipEntry("OSGI-INF/meter.xml"));
            out.write(COMPONENT.getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new ZipEntry("com/acme/Meter.class"));
            Files.copy(classes.resolve("com/acme/Meter.class"), out);
        }
        return jar;
    }

    /** The jar of telemetry-api out of the runtime. */
    private String contract(Path runtime) throws IOException {
        try (JarFile jar = new JarFile(runtime.toFile());
                Stream<JarEntry> entries = jar.stream()) {
            JarEntry entry = entries.filter(e -> e.getName().startsWith("jar/io.nvremote.telemetry.api-"))
                    .findFirst()
                    .orElseThrow();
            Path file = folder.resolve("telemetry-api.jar");
            try (InputStream in = jar.getInputStream(entry)) {
                Files.copy(in, file);
            }
            return file.toString();
        }
    }
}
