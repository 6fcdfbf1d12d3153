// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** What a wrong plugin takes and never gives back; the test that is done with it does. */
final class Kept {

    private static final List<Object> ALL = new CopyOnWriteArrayList<>();

    private Kept() {}

    static void forEver(Object object) {
        ALL.add(object);
    }

    static void nativeMemory(long bytes) {
        Arena arena = Arena.ofShared();
        arena.allocate(bytes).fill((byte) 1);
        ALL.add(arena);
    }

    static void thread() {
        ALL.add(Thread.ofPlatform().daemon().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park();
            }
        }));
    }

    static void file() {
        try {
            ALL.add(new FileInputStream("/proc/self/status"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void release() throws Exception {
        for (Object kept : ALL) {
            if (kept instanceof Thread thread) {
                thread.interrupt();
            } else if (kept instanceof AutoCloseable open) {
                open.close();
            }
        }
        ALL.clear();
    }
}
