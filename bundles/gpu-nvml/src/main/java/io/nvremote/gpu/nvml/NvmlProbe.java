// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * All that NVIDIA's management library tells of a machine's GPUs that a stream may want, for who asks what a machine can do:
 * {@code ./nvremote gpu-check}. Calls the driver in this process, which a faulty one takes with it. For one thread.
 */
public final class NvmlProbe {

    private static final int TEXT_BYTES = 96;

    /**
     * A GPU; what the driver does not tell of it is -1.
     *
     * @param load in percent
     * @param encoderSessions of all processes
     * @param captureSessions of NvFBC, of all processes
     */
    public record Card(String name, String uuid, int load, long memoryMb, int encoderSessions, int captureSessions) {}

    private final NativeLibrary library;

    /**
     * Loads the library and starts it.
     *
     * @throws UnsatisfiedLinkError if it can't be loaded
     * @throws IllegalStateException if it does not start; the message has its status
     */
    public NvmlProbe(String libraryName) {
        library = NativeLibrary.getInstance(libraryName);
        int status = call("nvmlInit_v2");
        if (status != 0) {
            throw new IllegalStateException("NVML does not start: status " + status);
        }
    }

    public String driverVersion() {
        try (Memory text = new Memory(TEXT_BYTES)) {
            text.clear();
            return call("nvmlSystemGetDriverVersion", text, TEXT_BYTES) == 0 ? text(text) : "";
        }
    }

    public List<Card> cards() {
        IntByReference count = new IntByReference();
        List<Card> found = new ArrayList<>();
        if (call("nvmlDeviceGetCount_v2", count) == 0) {
            for (int i = 0; i < count.getValue(); i++) {
                PointerByReference device = new PointerByReference();
                if (call("nvmlDeviceGetHandleByIndex_v2", i, device) == 0) {
                    found.add(card(device.getValue()));
                }
            }
        }
        return found;
    }

    private Card card(Pointer device) {
        try (Memory name = new Memory(TEXT_BYTES);
                Memory uuid = new Memory(TEXT_BYTES);
                Memory figures = new Memory(24)) {
            name.clear();
            uuid.clear();
            call("nvmlDeviceGetName", device, name, TEXT_BYTES);
            call("nvmlDeviceGetUUID", device, uuid, TEXT_BYTES);
            int load = call("nvmlDeviceGetUtilizationRates", device, figures) == 0 ? figures.getInt(0) : -1;
            long memory = call("nvmlDeviceGetMemoryInfo", device, figures) == 0 ? figures.getLong(0) >> 20 : -1;
            Pointer[] words = {figures.share(0), figures.share(4), figures.share(8)};
            int encoders = call("nvmlDeviceGetEncoderStats", device, words[0], words[1], words[2]) == 0
                    ? figures.getInt(0)
                    : -1;
            int captures = call("nvmlDeviceGetFBCStats", device, figures) == 0 ? figures.getInt(0) : -1;
            return new Card(text(name), text(uuid), load, memory, encoders, captures);
        }
    }

    private static String text(Memory memory) {
        return memory.getString(0, StandardCharsets.UTF_8.name());
    }

    /** A function that this driver does not have is one that tells nothing. */
    private int call(String function, Object... arguments) {
        try {
            return library.getFunction(function).invokeInt(arguments);
        } catch (UnsatisfiedLinkError e) {
            return -1;
        }
    }
}
