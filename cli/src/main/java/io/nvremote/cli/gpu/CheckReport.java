// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.cli.gpu.Finding.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What was found, for people and for programs. For one thread. */
public final class CheckReport {

    private static final String FAKE = "fake driver: ";
    private static final Path LOADED_DRIVER = Path.of("/proc/driver/nvidia/version");
    private static final Pattern VERSION = Pattern.compile("\\b\\d{3}\\.\\d+(\\.\\d+)?\\b");

    private final boolean fake;
    private final List<Finding> findings = new ArrayList<>();

    public CheckReport(boolean fake) {
        this.fake = fake;
    }

    public void add(Finding finding) {
        findings.add(finding);
    }

    /** One line: state, name, reason, figures. */
    public String line(Finding finding) {
        String figures = finding.figures().entrySet().stream()
                .map(each -> each.getKey() + " = " + each.getValue())
                .collect(Collectors.joining("; "));
        return String.format(
                Locale.ROOT,
                "%-10s  %-20s  %s%s%s",
                finding.state().words(),
                finding.check(),
                fake && finding.state() == State.PASS ? FAKE : "",
                finding.reason(),
                figures.isEmpty() ? "" : " [" + figures + "]");
    }

    public String summary() {
        return String.format(
                Locale.ROOT,
                "%d PASS, %d FAIL, %d NOT PROVEN; driver %s%s",
                count(State.PASS),
                count(State.FAIL),
                count(State.NOT_PROVEN),
                driver(),
                fake ? ": NO GPU, the NVIDIA driver of the tests" : "");
    }

    private long count(State state) {
        return findings.stream().filter(each -> each.state() == state).count();
    }

    private String driver() {
        if (fake) {
            return "fake";
        }
        try {
            Matcher version = VERSION.matcher(Files.readString(LOADED_DRIVER));
            return version.find() ? version.group() : "of unknown version";
        } catch (IOException e) {
            return "none";
        }
    }

    public ObjectNode json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ObjectNode machine = root.putObject("machine").put("driver", driver()).put("fake", fake);
        ArrayNode devices = machine.putArray("devices");
        findings.stream()
                .filter(each -> each.check().equals(GpuCheck.CUDA_DEVICES.title()))
                .flatMap(each -> each.figures().entrySet().stream())
                .forEach(gpu -> devices.addObject().put("uuid", gpu.getKey()).put("name", gpu.getValue()));
        ArrayNode checks = root.putArray("checks");
        findings.forEach(each -> checks.add(each.json()));
        return root;
    }

    /** 0 where all is proven, 1 where something failed, else 3. */
    public int exitCode() {
        return count(State.FAIL) > 0 ? 1 : count(State.NOT_PROVEN) > 0 ? 3 : 0;
    }
}
