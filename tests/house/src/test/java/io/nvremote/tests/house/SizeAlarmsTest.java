// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import io.nvremote.tests.house.Sources.Source;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Methods, constructors and packages above the size alarms are split, or {@code size-reasons.txt} says why not. Read off the
 * syntax tree (JEP 105's {@code com.sun.source}).
 */
class SizeAlarmsTest {

    private static final int LONGEST_METHOD = 40;
    private static final int MOST_PARAMETERS = 6;
    private static final int MOST_TYPES = 20;

    /** What is above an alarm: where it is ({@code path#Class.method} or a package's folder), and how large. */
    private static Map<String, String> alarms(List<Source> sources) throws IOException {
        Map<String, String> found = new TreeMap<>();
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(
                        null,
                        null,
                        null,
                        List.of("-proc:none"),
                        null,
                        sources.stream().map(Text::new).toList());
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        Map<String, Integer> types = new TreeMap<>();
        for (CompilationUnitTree unit : task.parse()) {
            String path = unit.getSourceFile().toUri().getPath().substring(1);
            types.merge(path.substring(0, path.lastIndexOf('/')), 1, Integer::sum);
            new Methods(unit, path, positions, found).scan(unit, null);
        }
        types.forEach((folder, count) -> {
            if (count > MOST_TYPES) {
                found.put(folder, count + " types");
            }
        });
        return found;
    }

    private static final class Methods extends TreeScanner<@Nullable Void, @Nullable String> {

        private final CompilationUnitTree unit;
        private final String path;
        private final SourcePositions positions;
        private final Map<String, String> found;

        Methods(CompilationUnitTree unit, String path, SourcePositions positions, Map<String, String> found) {
            this.unit = unit;
            this.path = path;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable String outer) {
            return super.visitClass(
                    type, outer == null ? "" + type.getSimpleName() : outer + "." + type.getSimpleName());
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable String type) {
            boolean constructor = method.getName().contentEquals("<init>");
            if (constructor && method.getParameters().size() > MOST_PARAMETERS) {
                found.put(path + "#" + type, method.getParameters().size() + " parameters");
            }
            if (method.getBody() != null) {
                LineMap lines = unit.getLineMap();
                long inside = lines.getLineNumber(positions.getEndPosition(unit, method.getBody()))
                        - lines.getLineNumber(positions.getStartPosition(unit, method.getBody()))
                        - 1;
                if (inside > LONGEST_METHOD) {
                    found.put(path + "#" + type + "." + method.getName(), inside + " lines");
                }
            }
            return super.visitMethod(method, type);
        }
    }

    /** A source as the compiler takes it. */
    private static final class Text extends SimpleJavaFileObject {

        private final String text;

        Text(Source source) {
            super(URI.create("string:///" + source.path()), JavaFileObject.Kind.SOURCE);
            text = source.text();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** What lacks a reason, and reasons for what is small. */
    private static List<String> unexplained(Map<String, String> alarms, Map<String, String> reasons) {
        List<String> wrong = new ArrayList<>();
        alarms.forEach((place, size) -> {
            if (reasons.getOrDefault(place, "").isBlank()) {
                wrong.add(place + " has " + size + ": split it, or say why in tests/house/size-reasons.txt");
            }
        });
        reasons.keySet().stream()
                .filter(place -> !place.endsWith(".java") && !alarms.containsKey(place))
                .forEach(place -> wrong.add(place + " is small now: take it out of tests/house/size-reasons.txt"));
        return wrong;
    }

    @Test
    void what_is_above_an_alarm_has_a_reason() throws IOException {
        assertThat(unexplained(alarms(Sources.main()), SourceRulesTest.reasons()))
                .isEmpty();
    }

    @Test
    void methods_constructors_and_packages_are_measured() throws IOException {
        String path = "bundles/x/src/main/java/x/A.java";
        String longMethod = "class A { class B { void m() {\n" + ";\n".repeat(LONGEST_METHOD + 1) + "} } }";
        assertThat(alarms(List.of(new Source(path, longMethod)))).containsOnly(Map.entry(path + "#A.B.m", "41 lines"));
        String wide = "class A { A(int a, int b, int c, int d, int e, int f, int g) {} void m() {} }";
        assertThat(alarms(List.of(new Source(path, wide)))).containsOnly(Map.entry(path + "#A", "7 parameters"));
        List<Source> many = new ArrayList<>();
        for (int i = 0; i <= MOST_TYPES; i++) {
            many.add(new Source("bundles/x/src/main/java/x/A" + i + ".java", "class A" + i + " {}"));
        }
        assertThat(alarms(many)).containsOnly(Map.entry("bundles/x/src/main/java/x", "21 types"));
        assertThat(alarms(many.subList(0, MOST_TYPES))).isEmpty();
        assertThat(unexplained(Map.of("a", "21 types"), Map.of("b", "gone"))).hasSize(2);
        assertThat(unexplained(Map.of("a", "21 types"), Map.of("a", "one protocol")))
                .isEmpty();
    }
}
