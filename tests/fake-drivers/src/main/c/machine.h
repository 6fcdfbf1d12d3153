// SPDX-License-Identifier: Apache-2.0
// The machine that all fake drivers stand in. It lives in the fake libcuda.so.1; those that lie in the same folder reach
// it through fake_machine(). A folder is a machine: two copies of the drivers know nothing of each other.
#ifndef FAKE_MACHINE_H
#define FAKE_MACHINE_H

#include <stdint.h>

enum kind { CONTEXTS, STREAMS, MODULES, MEMORY, SESSIONS, RESOURCES, MAPPINGS, BITSTREAMS, HANDLES, CAPTURES, EVENTS, KINDS };

struct machine {
    // What the test has set for a key, or the other value where it has set nothing.
    long (*number)(const char *key, long otherwise);
    // Counts the key down: 1 exactly when it reaches 0. A key that is not set never does.
    int (*down)(const char *key);
    // What the test has set for a key since it was taken last; 0 if nothing.
    long (*take)(const char *key);
    // Writes down something that a program must never do.
    void (*wrong)(const char *format, ...);
    // One more or one less of a kind of things that have to be given back.
    void (*count)(enum kind kind, int change);
    // The context that is current for the calling thread, or null.
    void *(*context)(void);
    int (*device)(void *context);
    // The bytes behind device memory of the current context; null for any that is not wholly inside one allocation.
    unsigned char *(*memory)(uint64_t address, uint64_t bytes);
    // One more or one less encoder that uses the allocation.
    void (*use)(uint64_t address, int change);
    // Whether a kernel writes into the allocation that nobody has waited for.
    int (*pending)(uint64_t address);
    // Takes or gives back one of the "sessions", or "captures", that all processes share: 0 if there is none left.
    int (*session)(const char *what, int change);
    int (*room)(uint64_t bytes);
};

#endif
