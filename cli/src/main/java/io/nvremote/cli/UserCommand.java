// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Talks to the operator bundle of a running control plane over its owner-only socket. */
@Command(
        name = "user",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        description =
                "Users of a running control plane of this machine. Answers are JSON; what is refused is also said on standard error.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the control plane refused", "2:wrong usage, or no control plane answers"})
final class UserCommand {

    private static final String USER = "USER";
    private static final String ID_OR_ADDRESS = "The user's id, or an e-mail address that only one user has.";

    @Option(
            names = "--control-plane",
            scope = CommandLine.ScopeType.INHERIT,
            description = "The control plane's data folder; default: that of the running demo.")
    @Nullable
    Path controlPlane;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Command(description = "Shows the users with this e-mail address.")
    int find(@Parameters(paramLabel = "EMAIL") String email) {
        return ask("find", email);
    }

    @Command(
            description =
                    "Ends every sign-in of a user, their sockets and sessions, and refuses new ones until enable.")
    int disable(@Parameters(paramLabel = USER, description = ID_OR_ADDRESS) String user) {
        return ask("disable", user);
    }

    @Command(description = "Lets a disabled user sign in again, as a member of what they were.")
    int enable(@Parameters(paramLabel = USER, description = ID_OR_ADDRESS) String user) {
        return ask("enable", user);
    }

    @Command(
            name = "make-admin",
            description = "Makes a user an admin of an organisation: who is its only admin can't be disabled.")
    int makeAdmin(
            @Parameters(paramLabel = USER, description = ID_OR_ADDRESS) String user,
            @Parameters(paramLabel = "ORG", description = "The organisation's id, as the refusal names it.")
                    String org) {
        return ask(Map.of("command", "make-admin", "user", user, "org", org));
    }

    private int ask(String command, String user) {
        return ask(Map.of("command", command, "user", user));
    }

    private int ask(Map<String, String> request) {
        Path folder = controlPlane != null ? controlPlane : Demo.running("control-plane", "--control-plane");
        return new RuntimeSocket("control plane", "--control-plane", folder.resolve("operator.sock"))
                .ask(request, spec);
    }
}
