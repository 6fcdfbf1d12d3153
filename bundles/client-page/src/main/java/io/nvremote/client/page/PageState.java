// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.lib.json.Json;
import io.nvremote.stream.StreamMessage;
import io.nvremote.viewer.HostEntry;
import io.nvremote.viewer.HostFacts;
import io.nvremote.viewer.ViewerSession;
import io.nvremote.viewer.ViewerState;
import java.util.Locale;
import java.util.Optional;

/** The client's state as the page reads it; model.ts mirrors it. */
final class PageState {

    private PageState() {}

    static ObjectNode json(ViewerState state) {
        ObjectNode out = Json.object();
        out.put("type", "state");
        out.put("signed_in", state.signedIn());
        ViewerState.Person known = state.person();
        if (known == null) {
            out.putNull("user");
        } else {
            ArrayNode places = out.putObject("user")
                    .put("name", known.name())
                    .put("email", known.email())
                    .putArray("memberships");
            known.memberships().forEach(place -> places.addObject()
                    .put("org_id", place.org().toString())
                    .put("org_name", place.name())
                    .put("admin", place.admin()));
        }
        out.put("server", state.server());
        out.put("link", lower(state.link()));
        StreamException refused = state.signInError();
        ObjectNode signing = out.putObject("sign_in").put("waiting", false);
        signing.set("error", refused == null ? null : Failures.json(refused));
        out.put("hosts_loaded", state.hostsLoaded());
        ArrayNode list = out.putArray("hosts");
        state.hosts().forEach(host -> write(host, list.addObject()));
        ViewerSession session = state.session();
        if (session == null) {
            out.putNull("connection");
        } else {
            write(session, out.putObject("connection"));
        }
        return out;
    }

    private static void write(HostEntry host, ObjectNode out) {
        out.put("id", host.id().toString());
        out.put("name", host.name());
        out.put("org_id", host.orgId().toString());
        out.put("org", host.org());
        out.put("status", host.status());
        out.put("gpu_name", host.gpuName());
        out.put("gpu_usage", host.gpuUsage());
        out.put("cpu_usage", host.cpuUsage());
        out.put("memory_used_mb", host.memoryUsedMb());
        out.put("memory_total_mb", host.memoryTotalMb());
        out.put("active_sessions", host.activeSessions());
        out.put("os", host.os());
        out.put("last_seen", host.lastSeen());
    }

    static void write(ViewerSession session, ObjectNode out) {
        out.put("host_id", session.host().id().toString());
        out.put("host_name", session.host().name());
        out.put("phase", lower(session.phase()));
        ArrayNode steps = out.putArray("steps");
        for (ViewerSession.StepTime step : session.steps()) {
            steps.addObject()
                    .put("name", lower(step.step()))
                    .put("state", lower(step.state()))
                    .put("millis", step.millis());
        }
        out.put("reason", session.reason());
        long streamed = session.streamed().toNanos();
        out.put("streamed_ms", streamed == 0 ? 0 : Math.max(1, streamed / 1_000_000));
        out.put("gives_up_in_ms", session.givesUpIn().toMillis());
        StreamException failed = session.error();
        out.set("error", failed == null ? null : Failures.json(failed));
        Optional<HostFacts> facts = session.part(HostFacts.class);
        StreamMessage.Trouble wrong = facts.map(HostFacts::trouble).orElse(StreamMessage.Trouble.NONE);
        out.set(
                "trouble",
                wrong.code().isEmpty()
                        ? null
                        : Json.object().put("code", wrong.code()).put("sentence", wrong.sentence()));
        StreamMessage.StreamInfo info = facts.map(HostFacts::info).orElse(null);
        out.put("codec", info == null ? "" : info.codec());
        out.put("width", info == null ? 0 : info.width());
        out.put("height", info == null ? 0 : info.height());
        out.put("capture", info == null ? null : info.capture());
        out.put("encoder", info == null ? null : info.encoder() + " " + info.encoderVersion());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
