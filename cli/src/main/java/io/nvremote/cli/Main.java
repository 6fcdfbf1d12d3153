// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point. Exit codes: 0 done, 1 something that should be seen was not, 2 wrong usage or a missing part. */
@Command(
        name = "nvremote",
        mixinStandardHelpOptions = true,
        subcommands = {DemoCommand.class, PluginCommand.class, UserCommand.class, DoctorCommand.class},
        description = "Secure remote access to GPU machines.")
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((exception, command, parsed) -> {
            if (exception instanceof Trouble) {
                command.getErr().println("nvremote: " + exception.getMessage());
                return 2;
            }
            throw exception;
        });
        System.exit(line.execute(args));
    }
}
