// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point. Exit codes: 0 done, 1 something that should be seen was not, 2 wrong usage or a missing part; 3 what gpu-check says of it. */
@Command(
        name = "nvremote",
        mixinStandardHelpOptions = true,
        subcommands = {
            DemoCommand.class,
            PluginCommand.class,
            BundleCommand.class,
            LogCommand.class,
            RuntimeCommand.class,
            RolloutCommand.class,
            UserCommand.class,
            AuditCommand.class,
            DoctorCommand.class,
            GpuCheckCommand.class
        },
        description = "Secure remote access to GPU machines.")
public final class Main {

    Main() {}

    public static void main(String[] args) {
        System.exit(line(new Main()).execute(args));
    }

    /** The commands. What a person can mend is told in a sentence; anything else is a fault of ours and keeps its trace. */
    static CommandLine line(Object commands) {
        CommandLine line = new CommandLine(commands);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((exception, command, parsed) -> {
            String words = words(exception);
            if (words == null) {
                throw exception;
            }
            command.getErr().println("nvremote: " + words);
            return 2;
        });
        return line;
    }

    private static @Nullable String words(@Nullable Throwable exception) {
        return switch (exception) {
            case null -> null;
            case Trouble trouble -> trouble.getMessage();
            case AccessDeniedException denied -> "no permission: " + denied.getFile();
            case NoSuchFileException missing -> "not there, and not to be made there: " + missing.getFile();
            case FileAlreadyExistsException taken ->
                "there is something else in the place of a folder: " + taken.getFile();
            case FileSystemException other -> other.getReason() + ": " + other.getFile();
            case UncheckedIOException wrapped -> words(wrapped.getCause());
            default -> null;
        };
    }
}
