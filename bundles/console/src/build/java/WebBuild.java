// SPDX-License-Identifier: Apache-2.0
import io.mvnpm.esbuild.Bundler;
import io.mvnpm.esbuild.model.BundleOptions;
import io.mvnpm.esbuild.model.EsBuildConfigBuilder;
import io.mvnpm.esbuild.model.WebDependency;
import io.mvnpm.esbuild.model.WebDependency.WebDependencyType;
import io.mvnpm.esbuild.plugin.EsBuildPluginTailwind;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds the page with nothing but Maven artifacts: type check (tsc), unit tests (deno test), bundle (esbuild and
 * Tailwind), all run by the Deno that comes as a jar. Started from source by the module's pom; its class path is the
 * module's. Does nothing when sources and class path are those of the last success.
 *
 * <p>Arguments: folder of the sources, folder to work in, folder that receives the page.
 */
public final class WebBuild {

    private final Path sources;
    private final Path work;
    private final Path page;

    private WebBuild(Path sources, Path work, Path page) {
        this.sources = sources;
        this.work = work;
        this.page = page;
    }

    public static void main(String[] args) throws Exception {
        new WebBuild(Path.of(args[0]), Path.of(args[1]), Path.of(args[2])).run();
    }

    private void run() throws Exception {
        // Only what runs: the checks wait for the next whole build, which has another fingerprint.
        boolean runOnly = Boolean.getBoolean("run.only");
        String whole = fingerprint();
        String fingerprint = runOnly ? whole + " unchecked" : whole;
        Path last = work.resolve("fingerprint");
        if (Files.isRegularFile(page.resolve("index.html"))
                && Files.isRegularFile(last)
                && List.of(whole, fingerprint).contains(Files.readString(last))) {
            return;
        }
        Files.deleteIfExists(last);
        Files.createDirectories(work);
        copySources();
        Bundler.install(work.resolve("node_modules"), webJars());
        if (!runOnly) {
            check();
        }
        bundle();
        Files.writeString(last, fingerprint);
    }

    private void check() throws IOException, InterruptedException {
        Path deno = deno();
        check(
                "type check",
                deno,
                List.of(
                        "run",
                        "-R",
                        "--allow-env",
                        "--allow-sys",
                        "--no-remote",
                        "--node-modules-dir=manual",
                        "node_modules/typescript/lib/tsc.js",
                        "-p",
                        "."));
        check(
                "unit tests",
                deno,
                List.of("test", "-R", "--no-remote", "--no-lock", "--no-config", "--no-check", "test/"));
    }

    private void bundle() throws IOException {
        Path dist = Bundler.bundle(
                        BundleOptions.builder()
                                .withWorkDir(work)
                                .withDependencies(webJars())
                                .withNodeModulesDir(work.resolve("node_modules"))
                                .withEsConfig(new EsBuildConfigBuilder()
                                        .withDefault()
                                        .hashedNames()
                                        .sourceMap(false)
                                        .define("process.env.NODE_ENV", "\"production\"")
                                        .build())
                                .withPlugins(List.of(new EsBuildPluginTailwind(
                                        new EsBuildPluginTailwind.Source(work.toString(), "**/*.tsx", false),
                                        null,
                                        true,
                                        true)))
                                .addEntryPoint("app.tsx")
                                .build(),
                        true)
                .dist();
        delete(page);
        Files.createDirectories(page);
        String script = "";
        String style = "";
        for (Path file : files(dist)) {
            String name = file.getFileName().toString();
            Files.copy(file, page.resolve(name));
            if (name.startsWith("app") && name.endsWith(".js")) {
                script = name;
            } else if (name.endsWith(".css")) {
                style = name;
            }
        }
        if (script.isEmpty() || style.isEmpty()) {
            throw new IllegalStateException("the bundler wrote no entry script or no style sheet: " + files(dist));
        }
        Files.writeString(
                page.resolve("index.html"),
                Files.readString(sources.resolve("index.html"))
                        .replace("{{script}}", script)
                        .replace("{{style}}", style));
        Files.copy(sources.resolve("icon.svg"), page.resolve("icon.svg"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Runs the Deno of the class path with the given permissions; anything but exit 0 fails the build. */
    private void check(String what, Path deno, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(deno.toString()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(work.toFile()).inheritIO();
        builder.environment().put("DENO_NO_UPDATE_CHECK", "1");
        builder.environment().put("NO_COLOR", "1");
        int exit = builder.start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException("the " + what + " of the page failed (exit " + exit + "): see above");
        }
    }

    private Path deno() throws IOException {
        try (Stream<Path> found = Files.find(work.resolve("node_modules/@deno"), 3, (p, a) -> p.endsWith("deno"))) {
            Path deno = found.findFirst().orElseThrow();
            // The jar carries no file modes.
            if (!Files.isExecutable(deno) && !deno.toFile().setExecutable(true)) {
                throw new IllegalStateException("can't make " + deno + " executable: is the folder mounted noexec?");
            }
            return deno;
        }
    }

    private static List<WebDependency> webJars() {
        List<WebDependency> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String path = entry.replace(File.separatorChar, '/');
            if (path.contains("/org/mvnpm/") || path.contains("/org/webjars/")) {
                WebDependencyType type =
                        path.contains("/org/mvnpm/") ? WebDependencyType.MVNPM : WebDependencyType.WEBJARS;
                jars.add(WebDependency.of(coordinates(path), Path.of(entry), type));
            }
        }
        return jars;
    }

    /** group:artifact:version of a jar in a Maven repository. */
    private static String coordinates(String path) {
        String[] parts = path.substring(path.indexOf("/org/") + 1).split("/");
        int n = parts.length;
        return String.join(".", List.of(parts).subList(0, n - 3)) + ":" + parts[n - 3] + ":" + parts[n - 2];
    }

    private void copySources() throws IOException {
        for (Path old : files(work)) {
            if (!old.startsWith(work.resolve("node_modules"))) {
                Files.delete(old);
            }
        }
        for (Path file : files(sources)) {
            Path copy = work.resolve(sources.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
    }

    private String fingerprint() throws IOException, DigestException, java.security.NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(System.getProperty("java.class.path").getBytes(StandardCharsets.UTF_8));
        List<Path> inputs = new ArrayList<>(files(sources));
        inputs.addAll(files(sources.resolveSibling("src/build")));
        for (Path file : inputs) {
            digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
            digest.update(Files.readAllBytes(file));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(p -> !p.startsWith(root.resolve("node_modules")))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path root) throws IOException {
        if (Files.isDirectory(root)) {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
