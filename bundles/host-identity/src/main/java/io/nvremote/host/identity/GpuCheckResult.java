// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.core.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code ./nvremote gpu-check} last found on this machine, where it left that for the host agent.
 *
 * @param summary in short, by the names that it has among what is said of the GPU; empty if there is none that can be read
 * @param sawGpu whether a GPU was checked, and not a fake driver without one
 */
record GpuCheckResult(Map<String, String> summary, boolean sawGpu) {

    private static final Logger LOG = LoggerFactory.getLogger(GpuCheckResult.class);
    private static final long MOST_BYTES = 256 * 1024;
    /** Of a value that the control plane takes. */
    private static final int MOST_LETTERS = 255;

    private static final GpuCheckResult NONE = new GpuCheckResult(Map.of(), false);

    GpuCheckResult {
        summary = Map.copyOf(summary);
    }

    static GpuCheckResult read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return NONE;
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("it has more than " + MOST_BYTES + " bytes");
            }
            return of(new ObjectMapper().readTree(Files.readAllBytes(file)), file);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue(Keys.FILE, file)
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("the result of gpu-check can't be read: run it again");
            return NONE;
        }
    }

    private static GpuCheckResult of(JsonNode root, Path file) throws IOException {
        JsonNode machine = root.path("machine");
        if (!machine.isObject() || !root.path("checks").isArray()) {
            throw new IOException("it is not what gpu-check --host-data writes");
        }
        boolean fake = machine.path("fake").asBoolean();
        Map<String, String> found = new TreeMap<>();
        found.put(
                "check_time",
                Files.getLastModifiedTime(file)
                        .toInstant()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
        found.put("check_fake", Boolean.toString(fake));
        put(found, "check_driver", machine.path("driver").asText());
        put(found, "check_devices", joined(machine.path("devices").findValuesAsText("name")));
        for (String state : List.of("PASS", "FAIL", "NOT PROVEN")) {
            put(found, "check_" + state.toLowerCase(Locale.ROOT).replace(' ', '_'), joined(checks(root, state)));
        }
        return new GpuCheckResult(found, !fake && !machine.path("devices").isEmpty());
    }

    private static List<String> checks(JsonNode root, String state) {
        return StreamSupport.stream(root.path("checks").spliterator(), false)
                .filter(each -> each.path("state").asText().equals(state))
                .map(each -> each.path("check").asText())
                .toList();
    }

    /** As many of them as there is room for, and how many are left out. */
    private static String joined(List<String> names) {
        for (int count = names.size(); count > 0; count--) {
            String more = count == names.size() ? "" : " and " + (names.size() - count) + " more";
            String text = names.stream().limit(count).collect(Collectors.joining(", ")) + more;
            if (text.length() <= MOST_LETTERS) {
                return text;
            }
        }
        return names.isEmpty() ? "" : names.size() + " with long names";
    }

    /** Nothing that the control plane would refuse, and an enrolment with it. */
    private static void put(Map<String, String> found, String key, String text) {
        String visible = text.replaceAll("[^\\x20-\\x7E]", "?").strip();
        if (!visible.isEmpty()) {
            found.put(key, visible.substring(0, Math.min(MOST_LETTERS, visible.length())));
        }
    }
}
