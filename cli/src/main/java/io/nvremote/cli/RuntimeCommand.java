// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runtimes outside this repository: copies {@code examples/custom-runtime} under another name. */
@Command(
        name = "runtime",
        mixinStandardHelpOptions = true,
        description = "Runtimes of your own, outside this repository: docs/guide/operator.md.")
final class RuntimeCommand {

    /** What the runtime is made from. */
    enum Base {
        CONTROL_PLANE,
        GATEWAY,
        HOST_AGENT,
        AUDIT;

        String folder() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern GROUP = Pattern.compile("[a-z][a-z0-9]*(\\.[a-z][a-z0-9]*)+");
    private static final List<String> OURS = List.of("control-plane", "gateway", "host-agent", "client", "all-in-one");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Command(
            name = "new",
            mixinStandardHelpOptions = true,
            description = "Writes a Maven project: a bundle of yours, and a runtime of ours with it.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:made", "2:wrong usage, or something is there already"})
    int create(
            @Parameters(paramLabel = "NAME", description = "The runtime's name: small letters, digits, hyphens.")
                    String name,
            @Option(
                            names = "--base",
                            defaultValue = "gateway",
                            description =
                                    "control-plane, gateway, host-agent, or audit: a control plane with an audit log of yours. Default: gateway.")
                    String base,
            @Option(
                            names = "--group",
                            defaultValue = "com.example",
                            description = "Maven group and Java package. Default: com.example.")
                    String group,
            @Option(names = "--folder", description = "Where to write it. Default: a new folder NAME here.") @Nullable
                    Path folder)
            throws IOException {
        if (!NAME.matcher(name).matches() || OURS.contains(name)) {
            throw new Trouble(
                    "the name of a runtime has small letters, digits and single hyphens, and is none of ours ("
                            + String.join(", ", OURS) + "): " + name);
        }
        if (!GROUP.matcher(group).matches() || !SourceVersion.isName(group) || group.startsWith("io.nvremote")) {
            throw new Trouble("--group is a Java package of yours with two words or more, like com.example: " + group);
        }
        Path target = (folder == null ? Path.of(name) : folder).toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new Trouble("there is something already, and it is left alone: " + target);
        }
        copy(base(base), name, group, target);
        spec.commandLine().getOut().println("""
                made %s
                  JAVA_HOME=$(%s/build --print-java-home) mvn package -f %s
                  java -jar %s/runtime/target/%s.jar     # says what it wants""".formatted(target, Demo.home(), target, target, name));
        return 0;
    }

    private static Base base(String name) {
        for (Base base : Base.values()) {
            if (base.folder().equals(name)) {
                return base;
            }
        }
        throw new Trouble("--base is control-plane, gateway, host-agent or audit: " + name);
    }

    private static void copy(Base base, String name, String group, Path target) throws IOException {
        Path example = Demo.home().resolve("examples/custom-runtime").resolve(base.folder());
        if (!Files.isDirectory(example)) {
            throw new Trouble("this is no whole checkout of nvremote: there is no " + example);
        }
        Naming naming = new Naming(base, name, group);
        try (Stream<Path> files = Files.walk(example)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String place = example.relativize(file).toString();
                if (!Pattern.compile("(^|/)target/").matcher(place).find()) {
                    Path copy = target.resolve(naming.of(place.replace("com/acme", group.replace('.', '/'))));
                    Files.createDirectories(copy.getParent());
                    Files.writeString(copy, naming.of(Files.readString(file)));
                }
            }
        }
    }

    /** Every name of the example becomes one of the new runtime's. */
    private record Naming(Base base, String name, String group) {

        String of(String text) {
            String word = name.replace("-", "");
            return text.replace("acme-" + base.folder(), name)
                    .replace("com.acme", group)
                    .replace("acme", word)
                    .replace("Acme", word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
    }
}
