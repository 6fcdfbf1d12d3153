// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The program of the FFmpeg whose libraries the product uses: newer than Debian's. */
final class NewerFfmpeg {

    private static final String PLACE = "/org/bytedeco/ffmpeg/linux-x86_64/";
    private static final String[] LIBRARIES = {
        "libavcodec.so.62",
        "libavdevice.so.62",
        "libavfilter.so.11",
        "libavformat.so.62",
        "libavutil.so.60",
        "libswresample.so.6",
        "libswscale.so.9",
        "libva.so.2",
        "libdrm.so.2"
    };

    private NewerFfmpeg() {}

    /** Lays a command that runs it into the folder. */
    static String unpack(Path folder) throws IOException {
        Path home = Files.createDirectories(folder.resolve("newer"));
        for (String library : LIBRARIES) {
            copy(library, home.resolve(library));
        }
        Path program = home.resolve("program");
        copy("ffmpeg", program);
        Path command = home.resolve("ffmpeg");
        Files.writeString(command, "#!/bin/sh\nLD_LIBRARY_PATH='" + home + "' exec '" + program + "' \"$@\"\n");
        if (!program.toFile().setExecutable(true) || !command.toFile().setExecutable(true)) {
            throw new IOException("can't be made a program: " + program);
        }
        return command.toString();
    }

    private static void copy(String name, Path to) throws IOException {
        try (InputStream in = NewerFfmpeg.class.getResourceAsStream(PLACE + name)) {
            Files.copy(Objects.requireNonNull(in, name), to);
        }
    }
}
