// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import io.nvremote.tests.control.plane.RunningControlPlane.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The control plane from outside: who may what, and what bad input meets. */
class ControlPlaneTest {

    private static final String KEY = "A".repeat(42) + "E=";

    private static RunningControlPlane plane;
    private static String org;
    private static final UUID HOST = UUID.randomUUID();
    private static final UUID FOREIGN_HOST = UUID.randomUUID();
    private static String foreignOrg;
    private static final Map<String, String> BEARER = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("admin", "member", "guest", "stranger", "wanderer");
        Map<String, UUID> ids = new LinkedHashMap<>();
        for (String user : List.of("admin", "member", "guest", "stranger")) {
            BEARER.put(user, "Bearer " + plane.signIn(user).access());
            ids.put(
                    user,
                    UUID.fromString(plane.call("GET", "/users/me", BEARER.get(user), null)
                            .body()
                            .at("/user/id")
                            .asText()));
        }
        org = created("admin", "acme");
        foreignOrg = created("stranger", "other");
        for (String user : List.of("member", "guest")) {
            plane.sql(
                    "INSERT INTO nvremote.org_members (org_id, user_id, role) VALUES (?, ?, ?)",
                    UUID.fromString(org),
                    ids.get(user),
                    user.toUpperCase(java.util.Locale.ROOT));
        }
        host(org, HOST);
        host(foreignOrg, FOREIGN_HOST);
    }

    private static void host(String org, UUID id) throws Exception {
        plane.sql(
                "INSERT INTO nvremote.hosts (org_id, id, hostname, registered_at) VALUES (?, ?, 'box', now())",
                UUID.fromString(org),
                id);
    }

    private static String created(String user, String slug) throws Exception {
        Answer answer =
                plane.call("POST", "/orgs", BEARER.get(user), "{\"name\":\"" + slug + "\",\"slug\":\"" + slug + "\"}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    @Test
    void a_host_of_another_organisation_does_not_exist_for_us() throws Exception {
        for (String user : List.of("guest", "member", "admin")) {
            assertThat(plane.call("GET", "/hosts/" + FOREIGN_HOST, BEARER.get(user), null)
                            .status())
                    .isEqualTo(404);
            assertThat(plane.call(
                                    "POST",
                                    "/sessions",
                                    BEARER.get(user),
                                    "{\"host_id\":\"" + FOREIGN_HOST + "\",\"client_public_key\":\"" + KEY + "\"}")
                            .status())
                    .isEqualTo(404);
            assertThat(plane.call("GET", "/sessions?org_id=" + foreignOrg, BEARER.get(user), null)
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void guests_see_names_and_states_of_hosts_only() throws Exception {
        JsonNode host = plane.call("GET", "/orgs/" + org + "/hosts", BEARER.get("guest"), null)
                .body()
                .at("/items/0");
        assertThat(host.properties().stream().map(Map.Entry::getKey))
                .containsOnly("id", "org_id", "hostname", "status");
    }

    @Test
    void a_large_organisation_is_listed_page_by_page_along_the_links() throws Exception {
        String many = created("admin", "many");
        plane.sql(
                "INSERT INTO nvremote.hosts (org_id, id, hostname, registered_at) SELECT ?, gen_random_uuid(),"
                        + " 'box-' || lpad((n / 3)::text, 4, '0'), now() FROM generate_series(1, 250) n",
                UUID.fromString(many));
        String list = "/orgs/" + many + "/hosts";
        for (int size : List.of(7, 100)) {
            List<String> read = new ArrayList<>();
            String next = list + "?limit=" + size;
            while (next != null) {
                Answer page = plane.call("GET", next, BEARER.get("admin"), null);
                assertThat(page.status()).as(page.body().toString()).isEqualTo(200);
                assertThat(page.body().get("items")).hasSizeLessThanOrEqualTo(size);
                page.body()
                        .get("items")
                        .forEach(host -> read.add(host.get("hostname").asText() + host.get("id")));
                next = page.raw()
                        .headers()
                        .firstValue("Link")
                        .map(link -> link.replaceAll("</api/v1(.*)>; rel=\"next\"", "$1"))
                        .orElse(null);
            }
            assertThat(read).hasSize(250).doesNotHaveDuplicates().isSorted();
        }
        Answer first = plane.call("GET", list, BEARER.get("admin"), null);
        assertThat(first.body().get("items")).hasSize(100);
        for (String bad : List.of("limit=0", "limit=101", "limit=x", "cursor=x")) {
            assertThat(plane.call("GET", list + "?" + bad, BEARER.get("admin"), null)
                            .status())
                    .as(bad)
                    .isEqualTo(400);
        }
        for (String other : List.of("/orgs", "/sessions")) {
            assertThat(plane.call("GET", other + "?limit=1", BEARER.get("admin"), null)
                            .body()
                            .get("items"))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void errors_have_the_documented_body_and_answers_their_headers() throws Exception {
        Answer answer = plane.call("GET", "/users/me", "Bearer x.y.z", null);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("TOKEN_INVALID");
        assertThat(answer.body().get("status").asInt()).isEqualTo(401);
        assertThat(answer.body().has("title") && answer.body().has("type")).isTrue();
        assertThat(answer.raw().headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(answer.raw().headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.raw().headers().firstValue("Strict-Transport-Security"))
                .isPresent();
    }

    @Test
    void bad_bodies_are_refused_with_a_clear_code() throws Exception {
        String admin = BEARER.get("admin");
        assertThat(plane.call("POST", "/orgs", admin, "{\"name\":").code()).isEqualTo("BODY_MALFORMED");
        assertThat(plane.call("POST", "/orgs", admin, "{\"name\":\"a\",\"slug\":\"bb\",\"role\":\"admin\"}")
                        .code())
                .isEqualTo("BODY_MALFORMED");
        assertThat(plane.call("POST", "/orgs", admin, "{}").code()).isEqualTo("FIELD_INVALID");
        Answer large = plane.call("POST", "/orgs", admin, "{\"name\":\"" + "x".repeat(300_000) + "\"}");
        assertThat(large.status()).isEqualTo(413);
        assertThat(plane.call("POST", "/auth/refresh", null, null, "Content-Type", "application/xml")
                        .status())
                .isEqualTo(415);
        assertThat(plane.call("GET", "/orgs/not-a-uuid", admin, null).status()).isEqualTo(400);
        assertThat(plane.call("GET", "/nothing", admin, null).code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void a_refresh_token_used_twice_ends_the_sign_in() throws Exception {
        Tokens first = plane.signIn("wanderer");
        Answer second = refresh(first.refresh());
        assertThat(second.status()).isEqualTo(200);
        Answer again = refresh(first.refresh());
        assertThat(again.status()).isEqualTo(401);
        assertThat(again.code()).isEqualTo("REFRESH_REUSED");
        assertThat(refresh(second.body().get("refresh_token").asText()).code()).isEqualTo("REFRESH_INVALID");
        assertThat(plane.call("GET", "/users/me", "Bearer " + first.access(), null)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void of_64_refreshes_at_once_at_most_one_succeeds() throws Exception {
        Tokens tokens = plane.signIn("wanderer");
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> tries = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                tries.add(() -> answered(() -> refresh(tokens.refresh())));
            }
            int successes = 0;
            for (Future<Integer> one : pool.invokeAll(tries)) {
                assertThat(one.get()).isIn(200, 401);
                successes += one.get() == 200 ? 1 : 0;
            }
            assertThat(successes).isEqualTo(1);
        }
    }

    @Test
    void after_sign_out_neither_token_works() throws Exception {
        Tokens tokens = plane.signIn("wanderer");
        String body = "{\"refresh_token\":\"" + tokens.refresh() + "\"}";
        assertThat(plane.call("GET", "/users/me", "Bearer " + tokens.access(), null)
                        .status())
                .isEqualTo(200);
        assertThat(plane.call("POST", "/auth/logout", null, body).status()).isEqualTo(204);
        assertThat(refresh(tokens.refresh()).status()).isEqualTo(401);
        assertThat(plane.call("GET", "/users/me", "Bearer " + tokens.access(), null)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_bootstrap_token_makes_exactly_one_host_of_64_tries() throws Exception {
        HostKey key = HostKey.make(plane.folder);
        String body = key.registration();
        String path = "/orgs/" + org + "/hosts";
        assertThat(plane.call("POST", path, null, body).status()).isEqualTo(401);
        assertThat(plane.call("POST", path, "Bootstrap nvs_bootstrap_" + "x".repeat(43), body)
                        .code())
                .isEqualTo("TOKEN_REFUSED");
        assertThat(plane.call("POST", path, BEARER.get("admin"), body).status()).isEqualTo(401);
        String token = bootstrapToken();
        assertThat(plane.call("POST", "/orgs/" + foreignOrg + "/hosts", "Bootstrap " + token, body)
                        .status())
                .isEqualTo(401);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> tries = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                tries.add(() -> answered(() -> plane.call("POST", path, "Bootstrap " + token, body)));
            }
            int hosts = 0;
            for (Future<Integer> one : pool.invokeAll(tries)) {
                assertThat(one.get()).isIn(201, 401);
                hosts += one.get() == 201 ? 1 : 0;
            }
            assertThat(hosts).isEqualTo(1);
        }
        assertThat(plane.number("SELECT count(*) FROM nvremote.hosts WHERE hostname = 'box-"
                        + key.store().getFileName() + "'"))
                .isEqualTo(1);
    }

    /** The status of a call that may be told to try again, and does. */
    private static int answered(Callable<Answer> call) throws Exception {
        Answer answer = call.call();
        for (int i = 0; answer.status() == 503; i++) {
            assertThat(i).as("told to try again").isLessThan(100);
            assertThat(answer.body().at("/error/details/remedy").asText()).isEqualTo("RETRY");
            assertThat(answer.raw().headers().firstValue("Retry-After")).isPresent();
            answer = call.call();
        }
        return answer.status();
    }

    @Test
    void an_enrolled_host_is_online_while_its_socket_is_open_and_may_not_speak_for_another() throws Exception {
        HostKey key = HostKey.make(plane.folder);
        JsonNode identity = plane.call(
                        "POST", "/orgs/" + org + "/hosts", "Bootstrap " + bootstrapToken(), key.registration())
                .body();
        String host = identity.get("host_id").asText();
        Socket client = Socket.open(plane, plane.apiPort, "/ws/client", null);
        client.send("{\"type\":\"auth\",\"token\":\"" + BEARER.get("member").substring(7) + "\"}");
        assertThat(client.await("ready")).contains("\"version\":1");

        Socket socket = Socket.open(
                plane,
                plane.hostPort,
                "/ws/host",
                key.managers(identity.get("certificate").asText()));
        socket.await("ready");
        assertThat(client.await(host + "\",\"status\":\"ONLINE")).contains("host_status");
        assertThat(status(host)).isEqualTo("ONLINE");
        socket.send("{\"type\":\"session_answer\",\"session_id\":\"" + UUID.randomUUID()
                + "\",\"status\":\"READY\",\"host_public_key\":\"" + KEY + "\"}");
        assertThat(socket.await("error")).contains("NOT_ALLOWED");
        assertThat(socket.closed()).isEqualTo(1008);
        assertThat(client.await(host + "\",\"status\":\"OFFLINE")).contains("host_status");
        assertThat(status(host)).isEqualTo("OFFLINE");
    }

    @Test
    void a_client_socket_without_a_good_token_is_closed() throws Exception {
        Socket wrong = Socket.open(plane, plane.apiPort, "/ws/client", null);
        wrong.send("{\"type\":\"auth\",\"token\":\"x\"}");
        assertThat(wrong.closed()).isEqualTo(1008);
        Socket silent = Socket.open(plane, plane.apiPort, "/ws/client", null);
        assertThat(silent.closed()).isEqualTo(1008);
        Socket early = Socket.open(plane, plane.apiPort, "/ws/client", null);
        early.send("{\"type\":\"candidates\",\"session_id\":\"" + UUID.randomUUID() + "\",\"candidates\":[]}");
        assertThat(early.closed()).isEqualTo(1008);
    }

    @Test
    void the_host_port_takes_no_one_without_a_certificate_of_our_authority() {
        assertThat(catchThrowable(() ->
                        Socket.open(plane, plane.hostPort, "/ws/host", null).await("ready")))
                .isNotNull();
        assertThat(catchThrowable(() -> {
                    HostKey foreign = HostKey.make(plane.folder);
                    Socket.open(plane, plane.hostPort, "/ws/host", foreign.selfSigned())
                            .await("ready");
                }))
                .isNotNull();
    }

    private static String status(String host) throws Exception {
        return plane.call("GET", "/hosts/" + host + "/status", BEARER.get("member"), null)
                .body()
                .get("status")
                .asText();
    }

    private static String bootstrapToken() throws Exception {
        return plane.call("POST", "/orgs/" + org + "/hosts/bootstrap-token", BEARER.get("admin"), "{}")
                .body()
                .get("token")
                .asText();
    }

    @Test
    void a_flight_recording_started_while_it_serves_breaks_no_request() throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        String pid = Long.toString(plane.process().pid());
        String admin = "Bearer " + plane.signIn("admin").access();
        for (String command : List.of("JFR.start name=here", "JFR.stop name=here")) {
            Process tool = new ProcessBuilder(jcmd, pid, command)
                    .redirectErrorStream(true)
                    .start();
            assertThat(tool.inputReader().readAllLines()).as(command).isNotEmpty();
            assertThat(plane.call("GET", "/users/me", admin, null).status())
                    .as(command)
                    .isEqualTo(200);
        }
    }

    @Test
    void secrets_lie_in_files_of_their_owner_and_not_in_the_log() throws Exception {
        Tokens tokens = plane.signIn("wanderer");
        assertThat(plane.secretFiles()).isNotEmpty().allSatisfy(file -> assertThat(Files.getPosixFilePermissions(file))
                .as(file.toString())
                .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        assertThat(plane.log()).doesNotContain(tokens.access()).doesNotContain(tokens.refresh());
    }

    private static Answer refresh(String token) throws Exception {
        return plane.call("POST", "/auth/refresh", null, "{\"refresh_token\":\"" + token + "\"}");
    }
}
