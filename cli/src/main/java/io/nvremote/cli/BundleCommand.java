// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Talks to the bundle of a running runtime that replaces others, over its owner-only socket. */
@Command(
        name = "bundle",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        description = {
            "The bundles that a running runtime is made of: replaces one without a restart.",
            "Answers are JSON; what is refused is also said on standard error."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the runtime refused", "2:wrong usage, no such file, or no runtime answers"})
final class BundleCommand {

    @Option(
            names = "--runtime",
            required = true,
            scope = CommandLine.ScopeType.INHERIT,
            paramLabel = "FOLDER|ROLE",
            description =
                    "The folder that it was started with -Dnvremote.bundles for; or control-plane, gateway, host-agent or client of the running demo.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    String runtime;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    /** When it is done; at once, if none is said and nothing ends with it. */
    static final class Time {
        @Option(names = "--at-restart", description = "Not now: with the next start of the runtime.")
        boolean atRestart;

        @Option(names = "--when-idle", description = "As soon as nothing ends with it, or with the next start.")
        boolean whenIdle;

        @Option(names = "--force", description = "Now, even if sessions end with it.")
        boolean force;

        private String name() {
            if (atRestart) {
                return "AT_RESTART";
            }
            return whenIdle ? "WHEN_IDLE" : force ? "FORCED" : "NOW";
        }
    }

    @Command(description = "Puts a signed newer version of one bundle in its place and keeps it for the next starts.")
    int update(
            @Parameters(paramLabel = "JAR") Path jar,
            @ArgGroup @Nullable Time time,
            @Option(names = "--downgrade", description = "The version may be lower than the one that runs.")
                    boolean downgrade) {
        if (!Files.isRegularFile(jar)) {
            throw new Trouble("a bundle is one jar file, and this is none: " + jar.toAbsolutePath());
        }
        Map<String, String> request = request("update", time);
        request.put("file", jar.toAbsolutePath().toString());
        request.put("downgrade", Boolean.toString(downgrade));
        return ask(request);
    }

    @Command(description = "Puts back the version that ran before the last update of a bundle.")
    int rollback(
            @Parameters(paramLabel = "NAME", description = "The bundle's symbolic name, as list shows it.") String name,
            @ArgGroup @Nullable Time time) {
        Map<String, String> request = request("rollback", time);
        request.put("name", name);
        return ask(request);
    }

    @Command(
            description =
                    "Lists the bundles with version, what waits, and why one can't be replaced while the runtime runs.")
    int list() {
        return ask(request("list", null));
    }

    @Command(description = "What was changed and what was tried, oldest first.")
    int history() {
        return ask(request("history", null));
    }

    private static Map<String, String> request(String command, @Nullable Time time) {
        return new LinkedHashMap<>(Map.of("command", command, "when", time == null ? "NOW" : time.name()));
    }

    private int ask(Map<String, String> request) {
        return RuntimeSocket.of(runtime).ask(request, spec);
    }
}
