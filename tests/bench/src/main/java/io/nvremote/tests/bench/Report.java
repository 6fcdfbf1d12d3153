// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All rows of a run, as a table and as JSON. Belongs to one thread. */
public final class Report {

    private final List<Row> rows = new ArrayList<>();
    private final List<String> lacking = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    void add(Row row) {
        rows.add(row);
    }

    void lacks(String line) {
        lacking.add(line);
    }

    void broke(String line) {
        broken.add(line);
    }

    /** 1 if a benchmark broke, or if one lacks its peer and that counts; else 0. A missed aim is a figure, no failure. */
    int exitCode(boolean strict) {
        return broken.isEmpty() && (lacking.isEmpty() || !strict) ? 0 : 1;
    }

    void print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%n%-10s %-46s %9s %9s %-10s %-22s %-8s %s%n",
                "bench",
                "measure",
                "ours",
                "peer",
                "unit",
                "ratio min/median/max",
                "aim",
                "");
        for (Row row : rows) {
            List<Double> ratios = row.ratios();
            String ratio = ratios.isEmpty()
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "%.2f / %.2f / %.2f",
                            Figures.percentile(ratios, 0),
                            Figures.median(ratios),
                            Figures.percentile(ratios, 100));
            out.printf(
                    Locale.ROOT,
                    "%-10s %-46s %9s %9s %-10s %-22s %-8s %s%n",
                    row.bench(),
                    row.measure(),
                    figure(row.ours()),
                    figure(row.theirs()),
                    row.unit(),
                    ratio,
                    row.aim() == null ? "" : row.aim(),
                    row.verdict());
        }
        lacking.forEach(out::println);
        broken.forEach(out::println);
    }

    private static String figure(List<Double> values) {
        double median = Figures.median(values);
        return Double.isNaN(median) ? "" : String.format(Locale.ROOT, median >= 100 ? "%.0f" : "%.2f", median);
    }

    void write(Path file, Map<String, Object> machine) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        root.set("machine", json.valueToTree(machine));
        ArrayNode list = root.putArray("rows");
        for (Row row : rows) {
            ObjectNode node = list.addObject()
                    .put("bench", row.bench())
                    .put("measure", row.measure())
                    .put("unit", row.unit())
                    .put("peer", row.peer());
            node.set("ours", json.valueToTree(row.ours()));
            node.set("theirs", json.valueToTree(row.theirs()));
            node.set("ratios", json.valueToTree(row.ratios()));
            node.put("ratio_median", Figures.median(row.ratios()));
            node.put("aim", row.aim() == null ? "" : row.aim().toString());
            node.put("verdict", row.verdict());
            node.set("notes", json.valueToTree(row.notes()));
        }
        root.set("lacking", json.valueToTree(lacking));
        root.set("broken", json.valueToTree(broken));
        Files.createDirectories(file.getParent());
        Files.writeString(file, root.toPrettyString());
    }
}
