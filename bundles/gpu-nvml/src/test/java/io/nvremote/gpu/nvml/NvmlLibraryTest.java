// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.jna.NativeLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvmlLibraryTest {

    @TempDir
    Path folder;

    @Test
    void a_missing_driver_and_a_library_that_cannot_be_read_are_two_things() throws Exception {
        assertThat(NvmlLibrary.isMissing("libnvidia-ml-absent.so.1", refusal("libnvidia-ml-absent.so.1")))
                .isTrue();

        Path garbage = Files.writeString(folder.resolve("libnvidia-ml.so.1"), "no library at all");
        assertThat(NvmlLibrary.isMissing(garbage.toString(), refusal(garbage.toString())))
                .isFalse();
        assertThat(NvmlLibrary.isMissing(
                        "libnvidia-ml.so.1",
                        "/home/x/jna1.tmp: failed to map segment from shared object: Operation not permitted"))
                .as("a home that is mounted noexec")
                .isFalse();
        assertThat(NvmlLibrary.open(garbage.toString())).isNull();
    }

    private static String refusal(String library) {
        return String.valueOf(
                catchThrowable(() -> NativeLibrary.getInstance(library)).getMessage());
    }
}
