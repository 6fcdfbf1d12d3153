// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Plugins, for those who make them and those who run them. Talks to the updates bundle of a host agent or a client over its owner-only socket. */
@Command(
        name = "plugin",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        description =
                "Plugins of a running host agent or client, and on the way there. Answers are JSON (log: lines); what is refused is also said on standard error.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the runtime refused", "2:wrong usage, no such file, or no runtime answers"})
final class PluginCommand {

    private static final String JAR = "JAR";
    /** So many a runtime keeps. */
    private static final int MOST_LINES = 1000;

    @Option(
            names = "--agent",
            scope = CommandLine.ScopeType.INHERIT,
            paramLabel = "FOLDER",
            description = "A host agent's folder for plugins; as --runtime FOLDER.")
    @Nullable
    Path agent;

    @Option(
            names = "--runtime",
            paramLabel = "FOLDER|ROLE",
            scope = CommandLine.ScopeType.INHERIT,
            description = {
                "Whose plugins: host-agent or client of the running demo, or the folder that a runtime has for plugins.",
                "Decoders are a client's, all else is a host agent's. Default: host-agent."
            })
    @Nullable
    String runtime;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Command(
            description =
                    "Phases a signed plugin in: the new version takes over at a frame boundary, the old one goes.")
    int install(
            @Parameters(paramLabel = JAR) Path jar,
            @Option(
                            names = "--dev",
                            description =
                                    "For a debugger: no time on trial, any version again and again, no withdrawal for hanging or failing.")
                    boolean dev) {
        return ask(Map.of("command", "install", "file", file(jar).toString(), "development", Boolean.toString(dev)));
    }

    @Command(
            description =
                    "Lets every version of a plugin in again that was refused since it failed; does not install it.")
    int unquarantine(
            @Parameters(paramLabel = "NAME", description = "The bundle's symbolic name, as list shows it.")
                    String name) {
        return ask(Map.of("command", "unquarantine", "name", name));
    }

    @Command(
            description = {
                "Says what a host agent of this version would say to the jar, without one; of a decoder, what a client would.",
                "Whether its code does what it should only install shows."
            },
            exitCodeList = {"0:it would be admitted", "1:it would be refused", "2:wrong usage, or no such file"})
    int verify(
            @Parameters(paramLabel = JAR) Path jar,
            @Option(
                            names = "--publishers",
                            paramLabel = "FOLDER",
                            description =
                                    "The certificates that the runtime trusts; without it any publisher of names of their own will do.")
                    @Nullable
                    Path publishers)
            throws IOException {
        return PluginVerification.of(file(jar), publishers, runtime).tell(spec);
    }

    @Command(
            name = "new",
            description = {
                "Makes the project of a new plugin: it builds, passes the contract tests and can be signed as it is.",
                "README.md in it says what is what, docs/guide/vendor.md what happens then."
            },
            exitCodeList = {"0:made", "2:wrong usage, or there is something already"})
    int create(
            @Parameters(paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}") PluginProject.Kind kind,
            @Parameters(paramLabel = "NAME", description = "Small letters and digits: turbo.") String name,
            @Option(
                            names = "--package",
                            paramLabel = "PACKAGE",
                            description = "Java package and symbolic name of the bundle; default: com.example.NAME.")
                    @Nullable
                    String packageName,
            @Option(names = "--folder", paramLabel = "FOLDER", description = "Where to; default: NAME, here.") @Nullable
                    Path folder)
            throws IOException {
        Path into = folder == null ? Path.of(name) : folder;
        new PluginProject(kind, name, packageName == null ? "com.example." + name : packageName).write(into);
        spec.commandLine().getOut().println("made " + into + "; go on there with: mvn verify && ./sign");
        return 0;
    }

    @Command(
            description = {
                "Builds the project, signs it with a key for development and installs it (install --dev): now, and after each save.",
                "By its mvnw or your Maven, offline unless something is missing, without tests. The running demo is made to trust that key.",
                "Another runtime of yours has to, once: put ~/.local/state/nvremote/development-key/publisher.pem into its publishers folder."
            },
            exitCodeList = {"2:wrong usage, no project, or no runtime answers", "130:ended by Ctrl-C, as it should"})
    int dev(
            @Parameters(
                            paramLabel = "DIR",
                            arity = "0..1",
                            defaultValue = ".",
                            description = "The project's folder; default: this one.")
                    Path project)
            throws IOException, InterruptedException {
        Path root = project.toAbsolutePath().normalize();
        if (!Files.isRegularFile(root.resolve("pom.xml"))) {
            throw new Trouble("there is no project of a plugin (no pom.xml) in " + root);
        }
        RuntimeSocket socket = socket();
        DevelopmentKey key = DevelopmentKey.in(Machine.state().resolve("development-key"));
        if (agent == null && (runtime == null || PluginRuntime.isOne(runtime))) {
            key.trustIn(socket.file().resolveSibling("publishers"));
        }
        PrintWriter out = spec.commandLine().getOut();
        PluginBuild build = new PluginBuild(root, out);
        Thread stop = new Thread(
                () -> {
                    build.stop();
                    out.println("stopped; what was installed stays (plugin list, plugin remove)");
                    out.flush();
                },
                "dev-stop");
        Runtime.getRuntime().addShutdownHook(stop); // Ctrl-C: no build goes on
        new PluginDev(root, build, key, socket, out).run();
        return 0;
    }

    private static Path file(Path jar) {
        if (!Files.exists(jar)) {
            throw new Trouble("no such file: " + jar.toAbsolutePath());
        }
        if (!Files.isRegularFile(jar)) {
            throw new Trouble("a plugin is one jar file: " + jar.toAbsolutePath());
        }
        return jar.toAbsolutePath();
    }

    @Command(description = "Takes a plugin away; streams move to the next of its kind first.")
    int remove(
            @Parameters(paramLabel = "NAME", description = "The bundle's symbolic name, as list shows it.")
                    String name) {
        return ask(Map.of("command", "remove", "name", name));
    }

    @Command(description = "Lists plugins with version, state and publisher.")
    int list() {
        return ask(Map.of("command", "list"));
    }

    @Command(
            description = {
                "Shows a plugin and what was measured of it since its version first worked in this process.",
                "Calls and stalls are the runtime's calls into what it opened; what can't be told apart from the runtime is said to be not measured."
            })
    int show(
            @Parameters(paramLabel = "NAME", description = "The bundle's symbolic name, as list shows it.")
                    String name) {
        return ask(Map.of("command", "show", "name", name));
    }

    @Command(
            description = {
                "Prints the last lines that a plugin told, and that the runtime told of it: also of one that went.",
                "From INFO on, unless another level was chosen: nvremote log level."
            })
    int log(
            @Parameters(paramLabel = "NAME", description = "The bundle's symbolic name, as list shows it.") String name,
            @Option(
                            names = "--lines",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "How many at most, 1 to 1000; default: ${DEFAULT-VALUE}.")
                    int lines) {
        if (lines < 1 || lines > MOST_LINES) {
            throw new Trouble("--lines must be 1 to " + MOST_LINES + ": " + lines);
        }
        return socket().ask(
                        Map.of("command", "log", "name", name, "lines", Integer.toString(lines)),
                        spec,
                        answer -> answer.path("lines")
                                .forEach(line -> spec.commandLine().getOut().println(line.asText())));
    }

    private int ask(Map<String, String> request) {
        return socket().ask(request, spec);
    }

    private RuntimeSocket socket() {
        if (agent != null && runtime != null) {
            throw new Trouble("--agent and --runtime name the same: give one of them");
        }
        return agent != null
                ? new RuntimeSocket("host agent", "--agent", agent.resolve(PluginRuntime.SOCKET))
                : PluginRuntime.socket(runtime == null ? PluginRuntime.HOST : runtime);
    }
}
