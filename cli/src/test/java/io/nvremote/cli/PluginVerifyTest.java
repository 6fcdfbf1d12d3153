// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.tests.jars.AdmissionCase;
import io.nvremote.tests.jars.AdmissionCases;
import io.nvremote.tests.jars.JarFiles;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.updates.phasein.PhaseInConfig;
import io.nvremote.updates.phasein.PhaseInUpdates;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** Each jar is offered twice: to {@code plugin verify}, and to {@code plugin install} with the real one in a framework behind it. */
class PluginVerifyTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOME = "nvremote.home";

    @TempDir
    static Path work;

    private static @Nullable String home;
    private static @Nullable Framework framework;
    private static Path agent;

    /** The same bundles make up the runtime's jar and the framework. */
    @BeforeAll
    static void start() throws Exception {
        home = System.getProperty(HOME);
        System.setProperty(HOME, work.toString());
        List<Path> own = new ArrayList<>(AdmissionCases.own(work));
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (Path bundle : own) {
            entries.put("jar/" + bundle.getFileName(), Files.readAllBytes(bundle));
        }
        Path runtime = Files.createDirectories(work.resolve("runtimes/host-agent/target"));
        Files.move(JarFiles.jar(runtime, Map.of(), entries), runtime.resolve("host-agent.jar"));
        agent = Files.createDirectories(work.resolve("agent"));
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, work.resolve("cache").toString()));
        framework.start();
        for (Path bundle : own) {
            framework.getBundleContext().installBundle(bundle.toUri().toString());
        }
        Path publishers = Files.createDirectories(AdmissionCases.publishers(work));
        Bundle us = framework
                .getBundleContext()
                .installBundle(JarFiles.jar(work, Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "us"))
                        .toUri()
                        .toString());
        us.start();
        PhaseInUpdates updates = new PhaseInUpdates(us.getBundleContext(), new Config(agent, publishers));
        assertThat(updates.list()).isEmpty();
    }

    @AfterAll
    static void stop() throws Exception {
        if (home == null) {
            System.clearProperty(HOME);
        } else {
            System.setProperty(HOME, home);
        }
        if (framework != null) {
            framework.stop();
        }
    }

    static List<AdmissionCase> cases() throws Exception {
        List<AdmissionCase> cases = new ArrayList<>(AdmissionCases.make(work));
        Publisher acme = Publisher.of(work, "acme").trustIn(AdmissionCases.publishers(work));
        for (String needed : List.of(
                "org.example.none",
                "org.example;version=4",
                "org.example;version=\"[1,2)\"",
                "org.example;version=\"[3,4)\",org.example.other;version=\"[1.1,2)\"")) {
            Map<String, String> headers = JarFiles.pluginHeaders();
            headers.put("Import-Package", needed);
            cases.add(new AdmissionCase(
                    "imports " + needed,
                    acme.sign(JarFiles.jar(work, headers)),
                    "NOT_COMPATIBLE",
                    "; this runtime has ",
                    true));
        }
        return cases;
    }

    private static CommandRun verify(Path jar, String... more) {
        List<String> words = new ArrayList<>(List.of("verify", jar.toString()));
        words.addAll(List.of(more));
        return CommandRun.of(new PluginCommand(), words.toArray(String[]::new));
    }

    private static JsonNode json(CommandRun run) {
        try {
            return JSON.readTree(run.out());
        } catch (IOException e) {
            throw new IllegalStateException(run.out() + run.err(), e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void verify_answers_as_the_host_agent_does(AdmissionCase file) {
        CommandRun verified = verify(
                file.jar(), "--publishers", AdmissionCases.publishers(work).toString());
        JsonNode answer = json(verified);
        assertThat(answer.path("code").asText()).as(verified.out()).isEqualTo(file.code());
        assertThat(answer.path("message").asText()).contains(file.words());
        assertThat(verified.exit()).isEqualTo(file.code().isEmpty() ? 0 : 1);
        if (file.code().isEmpty()) {
            return; // What its code does then is no matter of admission.
        }
        assertThat(verified.err())
                .contains(
                        file.jar() + " would be refused: ",
                        answer.path("message").asText())
                .endsWith(answer.path("advice").asText() + System.lineSeparator());
        CommandRun installed =
                CommandRun.of(new PluginCommand(), "install", file.jar().toString(), "--agent", agent.toString());
        assertThat(json(installed)).isEqualTo(answer);
    }

    /** The two runtimes offer different packages: what a decoder needs, a client has. */
    @Test
    void a_decoder_is_looked_at_as_a_client_would_unless_another_runtime_is_named() throws Exception {
        Path client = Files.createDirectories(work.resolve("runtimes/client/target"));
        Path api = JarFiles.jar(
                work,
                Map.of(
                        "Bundle-ManifestVersion", "2",
                        "Bundle-SymbolicName", "io.nvremote.decode.api",
                        "Bundle-Version", "0.1.0",
                        "Export-Package", "io.nvremote.decode;version=0.1.0"));
        Files.move(
                JarFiles.jar(client, Map.of(), Map.of("jar/api.jar", Files.readAllBytes(api))),
                client.resolve("client.jar"));
        Map<String, String> headers = JarFiles.pluginHeaders();
        headers.put("Bundle-SymbolicName", "com.acme.decoder");
        headers.put("Provide-Capability", "io.nvremote.decode;codec=h264");
        headers.put("Import-Package", "io.nvremote.decode;version=\"[0.1,0.2)\"");
        Path jar = Publisher.of(work, "decoders").sign(JarFiles.jar(work, headers));
        CommandRun run = verify(jar);
        assertThat(run.exit()).as(run.out()).isZero();
        assertThat(run.err()).contains("whether the client trusts CN=decoders");
        assertThat(json(run).at("/plugin/key").asText()).hasSize(64);
        run = verify(jar, "--runtime", "host-agent");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(json(run).path("message").asText()).contains("needs package io.nvremote.decode");
    }

    @Test
    void without_publishers_it_says_who_has_to_be_trusted() throws Exception {
        Path jar = Publisher.of(work, "new-vendor").sign(JarFiles.jar(work, JarFiles.pluginHeaders()));
        CommandRun run = verify(jar);
        assertThat(run.exit()).isZero();
        assertThat(json(run).at("/plugin/publisher").asText()).isEqualTo("CN=new-vendor");
        assertThat(run.err()).contains("CN=new-vendor").contains("--publishers");
    }

    @Test
    void wrong_usage_is_told_in_a_sentence() throws Exception {
        Path jar = JarFiles.jar(work, JarFiles.pluginHeaders());
        for (CommandRun run : List.of(
                verify(work.resolve("absent.jar")),
                verify(work),
                verify(jar, "--publishers", jar.toString()),
                verify(jar, "--publishers", work.resolve("absent").toString()))) {
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).startsWith("nvremote: ").contains(work.toString());
        }
    }

    private record Config(Path data, Path publishers) implements PhaseInConfig {

        @Override
        public String data_folder() {
            return data.toString();
        }

        @Override
        public String publishers_folder() {
            return publishers.toString();
        }

        @Override
        public String probation() {
            return "PT0S";
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return PhaseInConfig.class;
        }
    }
}
