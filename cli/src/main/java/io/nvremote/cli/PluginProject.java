// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;

/** A new project of a plugin: the example of its kind, which the build of this project tests, under the names of its vendor. */
record PluginProject(Kind kind, String name, String packageName) {

    /** What a plugin may be; each has an example. */
    enum Kind {
        ENCODER,
        DECODER,
        CAPTURE,
        INPUT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,30}");
    private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+");
    /** Made by a build or a publisher: not the next vendor's. */
    private static final Set<String> LEFT_OUT = Set.of("target", "publisher.p12", "publisher.pem");

    PluginProject {
        if (!NAME.matcher(name).matches()) {
            throw new Trouble("a plugin's name is small letters and digits, at most 31, like turbo: " + name);
        }
        if (!PACKAGE.matcher(packageName).matches()) {
            throw new Trouble(
                    "a package is small letters and has a dot, like com.example." + name + ": " + packageName);
        }
        if (packageName.startsWith("io.nvremote.")) {
            throw new Trouble("that package is the platform's; take one of your own: " + packageName);
        }
        for (String part : packageName.split("\\.", -1)) {
            if (SourceVersion.isKeyword(part)) {
                throw new Trouble("a package may not have Java's word " + part + " in it: " + packageName);
            }
        }
    }

    /** Makes the folder, which must not be there. */
    void write(Path folder) throws IOException {
        Path example = Demo.home().resolve("examples").resolve(kind.word() + "-plugin");
        if (!Files.isDirectory(example)) {
            throw new Trouble("this copy of nvremote lacks " + example);
        }
        if (Files.exists(folder)) {
            throw new Trouble(
                    "there is something at " + folder.toAbsolutePath() + " already; name another with --folder");
        }
        for (Path from : files(example)) {
            Path to = folder.resolve(named(example.relativize(from).toString()));
            Files.createDirectories(to.toAbsolutePath().getParent());
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
            Files.writeString(to, named(Files.readString(from)));
        }
    }

    private static List<Path> files(Path example) throws IOException {
        try (Stream<Path> files = Files.walk(example)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> Stream.iterate(example.relativize(file), p -> p != null, Path::getParent)
                            .noneMatch(p -> LEFT_OUT.contains(p.getFileName().toString())))
                    .sorted()
                    .toList();
        }
    }

    /** The example's names become the vendor's: package and symbolic name, group, class names, and the words for people. */
    private String named(String text) {
        String title = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        String group = packageName.substring(0, packageName.lastIndexOf('.'));
        return text.replace("com.acme." + kind.word(), packageName)
                .replace("com/acme/" + kind.word(), packageName.replace('.', '/'))
                .replace("<groupId>com.acme</groupId>", "<groupId>" + group + "</groupId>")
                .replace("Acme", title)
                .replace("\"acme\"", "\"" + name + "\"")
                .replace("{@code acme}", "{@code " + name + "}");
    }
}
