// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a running runtime tells in its log, over the owner-only socket of the bundle that looks after others. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        description = {
            "What a running runtime tells in its log.",
            "Answers are JSON; what is refused is also said on standard error."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the runtime refused", "2:wrong usage, or no runtime answers"})
final class LogCommand {

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

    @Command(
            description = {
                "Lets a bundle tell what is of that level or above, and nothing below: at once, and until the runtime ends.",
                "Without BUNDLE and LEVEL: lists what was chosen, and the plugins with theirs."
            })
    int level(
            @Parameters(
                            index = "0",
                            arity = "0..1",
                            paramLabel = "BUNDLE",
                            description = "The bundle's symbolic name, as bundle list or plugin list shows it.")
                    @Nullable
                    String bundle,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "LEVEL",
                            description = "TRACE, DEBUG, INFO, WARN, ERROR, OFF; DEFAULT takes a choice back.")
                    @Nullable
                    String level) {
        if (bundle == null) {
            return RuntimeSocket.of(runtime).ask(Map.of("command", "log-levels"), spec);
        }
        if (level == null) {
            throw new Trouble(
                    "say which level " + bundle + " is to have: TRACE, DEBUG, INFO, WARN, ERROR, OFF or DEFAULT");
        }
        return RuntimeSocket.of(runtime).ask(Map.of("command", "log-level", "bundle", bundle, "level", level), spec);
    }
}
