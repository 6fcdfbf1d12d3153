// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.operators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.kit.Checkout;
import io.nvremote.tests.kit.PublishedRepository;
import io.nvremote.tests.kit.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./nvremote runtime new} writes: built outside the repository with Maven alone, then run. */
class CustomRuntimeTest {

    private static final String UUID = "01920000-0000-7000-8000-000000000001";

    @TempDir
    private static Path shared;

    private static Path repository;

    @TempDir
    Path folder;

    @BeforeAll
    static void publish() throws IOException {
        repository = PublishedRepository.make(
                shared.resolve("repository"), Path.of(System.getProperty("operators.repository", "")));
    }

    /** The project's folder, outside of this checkout, with its runtime built. */
    private Path made(String base) throws Exception {
        Path project = folder.resolve("lab");
        Path root = Checkout.root();
        run(
                JarProcess.java().toString(),
                "-Dnvremote.home=" + root,
                "-jar",
                root.resolve("cli/target/nvremote-cli.jar").toString(),
                "runtime",
                "new",
                "lab",
                "--base",
                base,
                "--group",
                "org.lab",
                "--folder",
                project.toString());
        run("mvn", "-B", "-q", "package", "-f", project.toString(), "-Dmaven.repo.local=" + repository);
        return project.resolve("runtime/target/lab.jar");
    }

    private void run(String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + "\n" + output)
                .isZero();
    }

    @Test
    void a_gateway_shows_the_figures_of_a_bundle_of_the_operator_s() throws Exception {
        Path jar = made("gateway");
        int page = JarProcess.freePort();
        List<String> arguments = List.of(
                "--data",
                "data",
                "-Dlab.metrics.port=" + page,
                "-Dnvremote.gateway.id=" + UUID,
                "-Dnvremote.gateway.address=127.0.0.1",
                "-Dnvremote.gateway.endpoint=127.0.0.1:51820",
                "-Dnvremote.gateway.port=0",
                "-Dnvremote.gateway.control.port=0");
        try (JarProcess gateway = JarProcess.start(JarProcess.java(), jar, folder, Map.of(), arguments)) {
            Waiting.until(() -> gateway.serves(page, "/livez"), "the page of the port that is laid over ours");
            Waiting.until(() -> gateway.page(page, "/metrics").contains("lab_looks_total "), "our bundle's figure");
            assertThat(gateway.page(page, "/metrics")).contains("nvremote_gateway_sessions 0");
        }
    }

    @Test
    void a_host_agent_may_be_the_test_card_alone() throws Exception {
        Path jar = made("host-agent");
        try (ZipFile bundles = new ZipFile(jar.toFile())) {
            assertThat(bundles.stream().map(Object::toString))
                    .anyMatch(name -> name.contains("io.nvremote.capture.testcard-"))
                    .noneMatch(name -> name.contains("capture.x11-")
                            || name.contains("nvfbc")
                            || name.contains("nvenc")
                            || name.contains("gpu.nvml")
                            || name.contains("updates.phasein"));
        }
        List<String> arguments = List.of(
                "--data",
                "data",
                "-Dnvremote.control.url=https://127.0.0.1:1",
                "-Dnvremote.signal.url=wss://127.0.0.1:1/ws/host",
                "-Dnvremote.org=" + UUID);
        List<String> check = new java.util.ArrayList<>(arguments);
        check.add("--check");
        JarProcess checked = JarProcess.start(JarProcess.java(), jar, folder, Map.of(), check);
        assertThat(checked.ended()).as(checked.log()).isZero();
        Files.createDirectories(folder.resolve("data"));
        Path token = Files.writeString(folder.resolve("data/bootstrap-token"), "none that anybody knows");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        try (JarProcess host = JarProcess.start(JarProcess.java(), jar, folder, Map.of(), arguments)) {
            Waiting.until(() -> host.log().contains("enrol"), "it tries to enrol where nobody answers");
        }
    }

    @Test
    void a_control_plane_answers_with_a_resource_of_the_operator_s_by_our_rights_and_errors() throws Exception {
        Path jar = made("control-plane");
        Files.setPosixFilePermissions(
                folder, PosixFilePermissions.fromString("rwxr-xr-x")); // the database's user passes
        int local = JarProcess.freePort();
        try (JarProcess plane = JarProcess.start(
                JarProcess.java(), jar, folder, Map.of(), controlPlane(local, "-Dlab.greeting=Good morning"))) {
            Waiting.until(() -> plane.serves(local, "/readyz"), "the control plane is ready");
            Waiting.until(() -> plane.serves(local, "/api/v1/readyz"), "its API answers");
            Waiting.until(() -> plane.serves(local, "/api/v1/greeting"), "our resource answers");
            Account ada = Account.signIn(local, "ada");
            Account grace = Account.signIn(local, "grace");
            Account nobody = new Account(local, "");
            String org = ada.ask("POST", "/orgs", "{\"name\":\"Lab\",\"slug\":\"lab\"}")
                    .body()
                    .get("id")
                    .asText();
            String notice = "/orgs/" + org + "/notice";

            assertThat(nobody.ask("GET", "/greeting", "").body().get("text").asText())
                    .isEqualTo("Good morning");
            assertThat(nobody.ask("GET", notice, "").said()).isEqualTo("401 TOKEN_MISSING");
            assertThat(ada.ask("GET", notice, "").said()).isEqualTo("404 NOTICE_UNKNOWN");
            assertThat(ada.ask("PUT", notice, "{\"text\":\"\"}").said()).isEqualTo("400 FIELD_INVALID");
            assertThat(grace.ask("PUT", notice, "{\"text\":\"mine\"}").said()).isEqualTo("404 ORG_UNKNOWN");
            assertThat(ada.ask("PUT", notice, "{\"text\":\"hello\"}").status()).isEqualTo(200);
            assertThat(ada.ask("GET", notice, "").body().get("text").asText()).isEqualTo("hello");

            JsonNode openApi = nobody.ask("GET", "/openapi.json", "").body();
            assertThat(openApi.at("/paths/~1orgs~1{org}~1notice/put/operationId")
                            .asText())
                    .isEqualTo("putNotice");
            assertThat(openApi.at("/paths/~1orgs/post/operationId").asText()).isEqualTo("createOrg");
        }
    }

    @Test
    void a_control_plane_keeps_its_audit_log_where_the_operator_s_bundle_has_it() throws Exception {
        Path jar = made("audit");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (ZipFile bundles = new ZipFile(jar.toFile())) {
            assertThat(bundles.stream().map(Object::toString))
                    .noneMatch(name -> name.contains("io.nvremote.audit-"))
                    .anyMatch(name -> name.contains("io.nvremote.audit.api-"));
        }
        int local = JarProcess.freePort();
        try (JarProcess plane = JarProcess.start(
                JarProcess.java(), jar, folder, Map.of(), controlPlane(local, "-Dnvremote.log=INFO"))) {
            Waiting.until(() -> plane.serves(local, "/readyz"), "the control plane is ready");
            Waiting.until(() -> plane.serves(local, "/api/v1/readyz"), "its API answers");
            Account ada = Account.signIn(local, "ada");
            String org = ada.ask("POST", "/orgs", "{\"name\":\"Lab\",\"slug\":\"lab\"}")
                    .body()
                    .get("id")
                    .asText();
            assertThat(Files.readAllLines(folder.resolve("data/trail.log")))
                    .as("a sign-in, and the new organisation's first event")
                    .anyMatch(line -> line.contains(" 00000000-0000-0000-0000-000000000000 "))
                    .anyMatch(line -> line.contains(" " + org + " ") && line.endsWith(" SUCCESS"));
        }
    }

    private static List<String> controlPlane(int local, String more) {
        return List.of(
                "--config",
                Checkout.root()
                        .resolve("runtimes/control-plane/config/demo.json")
                        .toString(),
                "--data",
                "data",
                "-Dnvremote.gateway.id=" + UUID,
                more,
                "-Dnvremote.api.port=" + JarProcess.freePort(),
                "-Dnvremote.host.port=" + JarProcess.freePort(),
                "-Dnvremote.local.port=" + local);
    }
}
