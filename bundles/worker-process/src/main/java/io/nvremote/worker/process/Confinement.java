// SPDX-License-Identifier: Apache-2.0
package io.nvremote.worker.process;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wall: what Linux takes from this process before it runs anybody's code. It ends with its parent, gains no privileges and is
 * the first to go when memory runs out (prctl(2), proc(5)). Elsewhere nothing happens.
 */
final class Confinement {

    private static final Logger LOG = LoggerFactory.getLogger(Confinement.class);
    private static final int PR_SET_PDEATHSIG = 1;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SIGKILL = 9;
    /** Half of what the kernel adds at most: before the host, and before most else. */
    private static final String OOM_SCORE = "500";

    private Confinement() {}

    @SuppressWarnings("restricted") // the worker is started with --enable-native-access
    static void apply() {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
            return;
        }
        try {
            Files.writeString(Path.of("/proc/self/oom_score_adj"), OOM_SCORE);
            MethodHandle prctl = Linker.nativeLinker()
                    .downcallHandle(
                            symbol(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG),
                            Linker.Option.firstVariadicArg(1));
            int refused = (int) prctl.invokeExact(PR_SET_PDEATHSIG, (long) SIGKILL, 0L, 0L, 0L)
                    | (int) prctl.invokeExact(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
            if (refused != 0) {
                LOG.atWarn().log("a worker could not give up all of its rights");
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("a worker could not give up all of its rights");
        } catch (Throwable e) {
            throw new IllegalStateException("prctl", e);
        }
    }

    private static MemorySegment symbol() {
        SymbolLookup libc = Linker.nativeLinker().defaultLookup();
        return libc.find("prctl").orElseThrow();
    }
}
