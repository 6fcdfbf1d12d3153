// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import io.nvremote.capture.CaptureError;
import io.nvremote.core.StreamException;
import io.nvremote.lib.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checked configuration.
 *
 * @param output name of the only output that is shown; empty for the whole screen, and any output that a stream asks for
 * @param privateData for the driver, opaque to us: hexadecimal digits
 * @param driverFolder where the driver is; null for wherever the system's linker looks
 */
record NvfbcSettings(
        String output, String privateData, @Nullable Path driverFolder) {

    /** The kernel module's own word, in containers that are given the GPU too. */
    private static final Path LOADED_DRIVER = Path.of("/proc/driver/nvidia/version");

    private static final Settings READER = new Settings(NvfbcConfig.PID);
    private static final Pattern OUTPUT = Pattern.compile("[A-Za-z0-9_.-]{0,127}");
    private static final Pattern BYTES = Pattern.compile("([0-9A-Fa-f]{2}){0,64}");

    static NvfbcSettings of(NvfbcConfig config) {
        return of(Map.of(
                "output",
                config.output(),
                "private.data",
                config.private_data(),
                "driver.folder",
                config.driver_folder()));
    }

    /** From texts, as a worker is told them; one that is not there is empty. */
    static NvfbcSettings of(Map<String, String> texts) {
        String output = texts.getOrDefault("output", "");
        String data = texts.getOrDefault("private.data", "");
        READER.text("output", output, OUTPUT, "empty or a name as xrandr prints it");
        if (!BYTES.matcher(data).matches()) {
            throw READER.refusedUnseen("private.data", "empty or at most 64 bytes, two hexadecimal digits each");
        }
        return new NvfbcSettings(
                output, data, READER.pathOrNone("driver.folder", texts.getOrDefault("driver.folder", "")));
    }

    /**
     * For a stream that asks for an output; empty for none.
     *
     * @throws StreamException {@link CaptureError#SPEC_REFUSED} if it is another than the one that is set
     */
    NvfbcSettings showing(String wanted) {
        if (wanted.isEmpty() || wanted.equals(output)) {
            return this;
        }
        if (!output.isEmpty()) {
            throw new StreamException(
                    CaptureError.SPEC_REFUSED, "the output " + wanted + " is not shown here, only " + output);
        }
        return new NvfbcSettings(wanted, privateData, driverFolder);
    }

    Map<String, String> toMap() {
        Map<String, String> texts = new TreeMap<>();
        texts.put("output", output);
        texts.put("private.data", privateData);
        texts.put("driver.folder", driverFolder == null ? "" : driverFolder.toString());
        return texts;
    }

    byte[] privateBytes() {
        return HexFormat.of().parseHex(privateData);
    }

    /** A file that is there where a driver is. Looking costs nothing; a worker for each look would. */
    Path driverMark() {
        return driverFolder == null ? LOADED_DRIVER : driverFolder.resolve(NvfbcLibrary.NAME);
    }

    boolean driverIsThere() {
        return Files.exists(driverMark());
    }

    /** The private data is the operator's secret. */
    @Override
    public String toString() {
        return "output=" + output + " driver.folder=" + driverFolder;
    }
}
