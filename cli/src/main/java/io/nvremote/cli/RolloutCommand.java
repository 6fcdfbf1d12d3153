// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

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

/** Talks to the bundle of a running control plane that takes others to hosts, over its owner-only socket. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        description = {
            "Takes a new version of one bundle to the hosts of an organisation, wave by wave; the first failure stops it.",
            "Answers are JSON; what is refused is also said on standard error."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the control plane refused", "2:wrong usage, or no control plane answers"})
final class RolloutCommand {

    @Option(
            names = "--control-plane",
            scope = CommandLine.ScopeType.INHERIT,
            description = "The control plane's data folder; default: that of the running demo.")
    @Nullable
    Path controlPlane;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Command(
            description =
                    "Begins: the first wave is told now. Each host takes it only if its own operator trusts whoever signed it, and when nothing ends with it.")
    int start(
            @Parameters(paramLabel = "JAR") Path jar,
            @Option(names = "--org", required = true, description = "The organisation's id.") String org,
            @Option(
                            names = "--waves",
                            defaultValue = "1,10%,100%",
                            description =
                                    "How many hosts have it by the end of each wave, as numbers or percent; default: ${DEFAULT-VALUE}.")
                    String waves,
            @Option(names = "--at-restart", description = "Hosts take it at their next start.") boolean atRestart) {
        if (!Files.isRegularFile(jar)) {
            throw new Trouble("a bundle is one jar file, and this is none: " + jar.toAbsolutePath());
        }
        return ask(Map.of(
                "command",
                "start",
                "file",
                jar.toAbsolutePath().toString(),
                "org",
                org,
                "waves",
                waves,
                "at_restart",
                Boolean.toString(atRestart)));
    }

    @Command(description = "Tells no further host. Those that have the new version keep it.")
    int stop(@Parameters(paramLabel = "ID", description = "As list shows it.") String id) {
        return ask(Map.of("command", "stop", "id", id));
    }

    @Command(description = "How far each one is, and each host.")
    int list() {
        return ask(Map.of("command", "list"));
    }

    private int ask(Map<String, String> request) {
        Path folder = controlPlane != null ? controlPlane : Demo.running("control-plane", "--control-plane");
        return new RuntimeSocket("control plane", "--control-plane", folder.resolve("rollouts/rollouts.sock"))
                .ask(request, spec);
    }
}
