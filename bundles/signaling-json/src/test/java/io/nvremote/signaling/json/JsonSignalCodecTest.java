// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalCodec;
import io.nvremote.signaling.SignalError;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonSignalCodecTest {

    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final TunnelPublicKey PUBLIC_KEY = TunnelPublicKey.parse(KEY);
    private static final TunnelAddress CLIENT_IP = TunnelAddress.parse("10.100.42.2");
    private static final TunnelAddress HOST_IP = TunnelAddress.parse("10.100.42.3");
    private static final String SID = "0193a1b2-0000-7000-8000-000000000001";
    private static final String HID = "0193a1b2-0000-7000-8000-000000000002";
    private static final SessionId SESSION = SessionId.of(SID);
    private static final HostId HOST = HostId.of(HID);
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String OFFER = "{\"type\":\"session_offer\",\"session_id\":\"" + SID
            + "\",\"client_public_key\":\"" + KEY
            + "\",\"client_tunnel_ip\":\"10.100.42.2\",\"host_tunnel_ip\":\"10.100.42.3\","
            + "\"gateway_endpoint\":\"gw1.example.com:51820\",\"gateway_public_key\":\"" + KEY
            + "\",\"relay_ticket\":\"c2VjcmV0\",\"path_policy\":\"auto\"}";

    private static final Signal OFFERED = new Signal.SessionOffer(
            SESSION,
            PUBLIC_KEY,
            CLIENT_IP,
            HOST_IP,
            Endpoint.parse("gw1.example.com:51820"),
            GatewayKey.parse(KEY),
            new Secret("c2VjcmV0"),
            PathPolicy.AUTO);

    private static final List<Signal> ALL = List.of(
            new Signal.Heartbeat(
                    HOST,
                    NOON,
                    new Signal.HostMetrics(12.5, 16000L, 800L, 45.0, "RTX 4090", 24576L, 4096L, true, 0, 86400)),
            new Signal.Heartbeat(
                    HOST, NOON, new Signal.HostMetrics(0, null, null, null, null, null, null, false, 1, 0)),
            new Signal.HostDescription(
                    "gpu-1", Map.of("name", "Linux", "version", "6.1"), Map.of("name", "RTX 4090"), "0.1.0"),
            new Signal.HostDescription("gpu-1", Map.of(), Map.of(), null),
            new Signal.SessionAnswer(SESSION, PUBLIC_KEY, Signal.AnswerStatus.READY, null),
            new Signal.SessionAnswer(SESSION, null, Signal.AnswerStatus.REJECTED, "busy"),
            new Signal.SessionClosed(SESSION, "terminated"),
            new Signal.SessionList(List.of(SESSION)),
            new Signal.SessionList(List.of()),
            OFFERED,
            new Signal.SessionTerminate(SESSION, "user"),
            new Signal.Candidates(
                    SESSION, List.of(Endpoint.parse("192.0.2.1:5000"), Endpoint.parse("[2001:db8::1]:6000"))),
            new Signal.Refusal("MALFORMED", "not JSON"),
            new Signal.ClientAuth(new Secret("a.b.c")),
            new Signal.Ready(1),
            new Signal.HostStatus(
                    HOST,
                    "BUSY",
                    45.0,
                    1,
                    NOON,
                    new Signal.HostLoad(12.5, 16000L, 800L),
                    new Signal.HostLabel(OrgId.of(HID), "gpu-1", "RTX 4090", "Linux 6.1", NOON)),
            new Signal.HostStatus(
                    HOST,
                    "MAINTENANCE",
                    null,
                    0,
                    NOON,
                    null,
                    new Signal.HostLabel(OrgId.of(HID), "gpu-1", null, null, null)),
            new Signal.HostStatus(HOST, "ONLINE", null, 0, NOON, new Signal.HostLoad(0, null, null), null),
            new Signal.HostStatus(HOST, "ONLINE", null, 0, NOON, null, null),
            new Signal.HostsComplete(8000),
            new Signal.HostRemoved(HOST),
            new Signal.SessionUpdate(SESSION, "ACTIVE", PUBLIC_KEY, HOST_IP, CLIENT_IP, null),
            new Signal.SessionUpdate(SESSION, "FAILED", null, null, null, "host offline"),
            new Signal.CertificateRequest("-----BEGIN CERTIFICATE REQUEST-----\nAA==\n"),
            new Signal.ConnectionMove(),
            new Signal.BundleRead("0a".repeat(32), 65_536),
            new Signal.BundleOutcome("0a".repeat(32), Signal.BundleState.UNDONE, "something did not run"),
            new Signal.BundleOffer("0a".repeat(32), "io.nvremote.transport", "1.2.3", 123_456_789_012L, true),
            new Signal.BundlePart("0a".repeat(32), 0, ""),
            new Signal.BundlePart("0a".repeat(32), 32_768, "A".repeat(43_692)),
            new Signal.Certificate("-----BEGIN CERTIFICATE-----\nAA==\n", "-----BEGIN CERTIFICATE-----\nAQ==\n"));

    private final SignalCodec codec = new JsonSignalCodec();

    @Test
    void every_signal_reads_back_as_it_was_written_with_its_type_first() {
        for (Signal signal : ALL) {
            String text = codec.write(signal);
            assertThat(text).startsWith("{\"type\":\"");
            assertThat(codec.read(text)).isEqualTo(signal);
        }
    }

    /** Whoever logs a signal logs its {@code toString}. */
    @Test
    void a_signal_that_is_printed_shows_none_of_its_secrets() {
        for (String text : List.of(OFFER, "{\"type\":\"auth\",\"token\":\"c2VjcmV0\"}")) {
            assertThat(codec.read(text).toString())
                    .as(text)
                    .doesNotContain("c2VjcmV0")
                    .contains("***");
        }
    }

    @Test
    void a_heartbeat_has_the_names_of_the_original() {
        assertThat(codec.write(ALL.get(0)))
                .isEqualTo("{\"type\":\"heartbeat\",\"host_id\":\"" + HID
                        + "\",\"timestamp\":\"2026-11-22T12:00:00Z\",\"payload\":{\"cpu_usage\":12.5,"
                        + "\"memory_total_mb\":16000,\"memory_used_mb\":800,\"gpu_usage\":45.0,"
                        + "\"gpu_name\":\"RTX 4090\",\"gpu_vram_total_mb\":24576,\"gpu_vram_used_mb\":4096,"
                        + "\"nvremote-host_running\":true,\"active_sessions\":0,\"uptime_seconds\":86400}}");
    }

    @Test
    void the_heartbeat_and_offer_of_the_original_document_are_read() {
        Signal heartbeat = codec.read("{\"type\":\"heartbeat\",\"host_id\":\"" + HID
                + "\",\"timestamp\":\"2026-02-13T10:00:00+01:00\",\"payload\":{\"cpu_usage\":12.5,\"gpu_usage\":45.0,"
                + "\"gpu_name\":\"RTX 4090\",\"gpu_vram_total_mb\":24576,\"gpu_vram_used_mb\":4096,"
                + "\"nvremote-host_running\":true,\"active_sessions\":0,\"uptime_seconds\":86400}}");
        assertThat(((Signal.Heartbeat) heartbeat).timestamp()).isEqualTo(Instant.parse("2026-02-13T09:00:00Z"));
        assertThat(codec.read(OFFER)).isEqualTo(OFFERED);
    }

    @Test
    void a_description_has_few_and_short_facts_that_are_texts() {
        String facts =
                IntStream.range(0, 17).mapToObj(i -> "\"k" + i + "\":\"v\"").collect(Collectors.joining(","));
        for (String bad : List.of(
                "{" + facts + "}",
                "{\"a\":1}",
                "{\"a\":\"" + "x".repeat(257) + "\"}",
                "{\"" + "a".repeat(65) + "\":\"x\"}",
                "[]",
                "null")) {
            refused(
                    "{\"type\":\"host_description\",\"hostname\":\"h\",\"os_info\":" + bad + ",\"gpu_info\":{}}",
                    SignalError.INVALID_FIELD);
        }
    }

    @Test
    void unknown_fields_are_ignored_and_an_unknown_type_is_refused() {
        assertThat(codec.read("{\"type\":\"ready\",\"version\":1,\"later\":{\"a\":[1,2]}}"))
                .isEqualTo(new Signal.Ready(1));
        refused("{\"type\":\"shutdown\"}", SignalError.UNKNOWN_TYPE);
    }

    @Test
    void what_is_not_one_json_object_is_malformed() {
        for (String text : List.of(
                "",
                " ",
                "[]",
                "1",
                "null",
                "\"x\"",
                "{",
                "{\"type\":\"ready\",\"version\":1} {}",
                "{\"type\":\"ready\",\"type\":\"ready\",\"version\":1}",
                "{'type':'ready'}",
                "{\"type\":\"ready\",\"version\":NaN}",
                "{\"type\":\"ready\",\"version\":1,}",
                "// x\n{}",
                "{\"a\":".repeat(20) + "1" + "}".repeat(20),
                "[".repeat(5000))) {
            refused(text, SignalError.MALFORMED);
        }
    }

    @Test
    void types_of_fields_are_strict() {
        for (String text : List.of(
                "{}",
                "{\"type\":7}",
                "{\"type\":null}",
                "{\"type\":\"ready\"}",
                "{\"type\":\"ready\",\"version\":\"1\"}",
                "{\"type\":\"ready\",\"version\":1.0}",
                "{\"type\":\"ready\",\"version\":-1}",
                "{\"type\":\"ready\",\"version\":99999999999}",
                "{\"type\":\"auth\",\"token\":12}",
                "{\"type\":\"certificate_request\"}",
                "{\"type\":\"bundle_read\",\"sha256\":\"" + "0A".repeat(32) + "\",\"offset\":0}",
                "{\"type\":\"bundle_read\",\"sha256\":\"" + "../x".repeat(16) + "\",\"offset\":0}",
                "{\"type\":\"bundle_read\",\"sha256\":\"" + "0a".repeat(32) + "\",\"offset\":-1}",
                "{\"type\":\"bundle_outcome\",\"sha256\":\"" + "0a".repeat(32)
                        + "\",\"outcome\":\"GONE\",\"detail\":\"\"}",
                "{\"type\":\"bundle_part\",\"sha256\":\"" + "0a".repeat(32) + "\",\"offset\":0,\"data\":\""
                        + "A".repeat(43_697) + "\"}",
                "{\"type\":\"bundle_offer\",\"sha256\":\"" + "0a".repeat(32)
                        + "\",\"name\":\"x\",\"version\":\"1\",\"bytes\":1}",
                "{\"type\":\"certificate_request\",\"csr\":\"" + "x".repeat(8 * 1024 + 1) + "\"}",
                "{\"type\":\"certificate\",\"certificate\":\"x\"}",
                "{\"type\":\"session_list\",\"session_ids\":\"x\"}",
                "{\"type\":\"session_list\",\"session_ids\":[1]}",
                "{\"type\":\"session_list\",\"session_ids\":[\"x\"]}",
                "{\"type\":\"candidates\",\"session_id\":\"" + SID + "\",\"candidates\":[\"host.example:1\"]}",
                "{\"type\":\"candidates\",\"session_id\":\"" + SID + "\",\"candidates\":[\"1.2.3.4:0\"]}",
                "{\"type\":\"session_answer\",\"session_id\":\"" + SID + "\",\"status\":\"READY\"}",
                "{\"type\":\"session_answer\",\"session_id\":\"" + SID + "\",\"status\":\"REJECTED\"}",
                "{\"type\":\"session_answer\",\"session_id\":\"" + SID + "\",\"status\":\"MAYBE\"}")) {
            refused(text, SignalError.INVALID_FIELD);
        }
    }

    @Test
    void a_key_is_a_key_an_address_an_address_and_a_policy_a_policy() {
        for (String wrong : List.of(
                "",
                "AAAA",
                KEY.substring(1),
                KEY + "=",
                KEY.replace('A', '-'),
                KEY.substring(0, 43),
                " " + KEY.substring(1),
                KEY.replace("8=", "9="),
                "A".repeat(43) + "=",
                "/".repeat(42) + "8=")) {
            refused(OFFER.replaceFirst(Pattern.quote(KEY), wrong), SignalError.INVALID_FIELD);
        }
        for (String wrong : List.of("", KEY.substring(0, 43), KEY.replace("8=", "9="))) {
            refused(
                    OFFER.replace("gateway_public_key\":\"" + KEY, "gateway_public_key\":\"" + wrong),
                    SignalError.INVALID_FIELD);
        }
        for (String wrong : List.of(
                "", "10.100.42", "10.100.42.256", "010.100.42.2", "localhost", "::1", "10.100.42.2 ", "8.8.8.8")) {
            refused(OFFER.replace("10.100.42.2", wrong), SignalError.INVALID_FIELD);
        }
        for (String wrong :
                List.of("gw1.example.com", "gw1.example.com:0", "gw1.example.com:70000", ":51820", "a b:1", "-x:1")) {
            refused(OFFER.replace("gw1.example.com:51820", wrong), SignalError.INVALID_FIELD);
        }
        for (String wrong : List.of("", "RELAY", "direct", "relay ")) {
            refused(OFFER.replace("\"auto\"", "\"" + wrong + "\""), SignalError.INVALID_FIELD);
        }
    }

    @Test
    void a_message_over_64_kib_is_too_large_counted_in_bytes() {
        String fits =
                "{\"type\":\"ready\",\"version\":1,\"pad\":\"" + "x".repeat(SignalCodec.MAX_FRAME_BYTES - 37) + "\"}";
        assertThat(fits).hasSize(SignalCodec.MAX_FRAME_BYTES);
        assertThat(codec.read(fits)).isEqualTo(new Signal.Ready(1));
        refused(fits + " ", SignalError.TOO_LARGE);
        refused(
                "{\"type\":\"ready\",\"version\":1,\"pad\":\"" + "\u20AC".repeat(22_000) + "\"}",
                SignalError.TOO_LARGE);
        assertThatThrownBy(
                        () -> codec.write(new Signal.ClientAuth(new Secret("x".repeat(SignalCodec.MAX_FRAME_BYTES)))))
                .isInstanceOf(StreamException.class);
    }

    @Test
    void no_refusal_repeats_what_was_sent() {
        for (String text : List.of(
                "{\"type\":\"auth\",\"token\":hunter2}",
                "hunter2",
                "{\"type\":\"hunter2\"}",
                "{\"type\":\"session_terminate\",\"session_id\":\"hunter2\",\"reason\":\"x\"}",
                OFFER.replace(KEY, "hunter2"),
                "{\"hunter2\":1,\"hunter2\":1}")) {
            StreamException e = catchThrowableOfType(StreamException.class, () -> codec.read(text));
            for (Throwable t = e; t != null; t = t.getCause()) {
                assertThat(t.getMessage()).doesNotContain("hunter2");
            }
        }
    }

    @Test
    void damaged_messages_are_read_or_refused_but_never_anything_else() {
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(codec.write(ALL.get(random.nextInt(ALL.size()))));
            for (int n = random.nextInt(4); n >= 0 && !text.isEmpty(); n--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.setCharAt(at, (char) random.nextInt(128));
                    case 1 -> text.deleteCharAt(at);
                    case 2 -> text.insert(at, "{}[],:\"\\0-e\uD800".charAt(random.nextInt(12)));
                    default -> text.setLength(at);
                }
            }
            try {
                Signal read = codec.read(text.toString());
                assertThat(codec.read(codec.write(read))).isEqualTo(read);
            } catch (StreamException e) {
                assertThat(e.code()).isInstanceOf(SignalError.class);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(50_000);
    }

    private void refused(String text, SignalError code) {
        StreamException e = catchThrowableOfType(StreamException.class, () -> codec.read(text));
        assertThat(e).as(text.length() > 200 ? text.substring(0, 200) : text).isNotNull();
        assertThat(e.code())
                .as(text.length() > 200 ? text.substring(0, 200) : text)
                .isEqualTo(code);
    }
}
