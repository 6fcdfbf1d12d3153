// SPDX-License-Identifier: Apache-2.0
// The machine, for a fake driver that lies beside libcuda.so.1.
#define _GNU_SOURCE
#include "machine.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct machine *machine;

// The other fake driver, from the same folder: by its path, since another copy of it may have its name already.
__attribute__((constructor)) static void begin(void) {
    Dl_info here;
    char path[4096];
    dladdr((void *) &begin, &here);
    snprintf(path, sizeof path, "%s", here.dli_fname);
    char *end = strrchr(path, '/');
    snprintf(end == NULL ? path : end + 1, 20, "libcuda.so.1");
    void *cuda = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct machine *(*find)(void) = cuda == NULL ? NULL : (const struct machine *(*)(void)) dlsym(cuda, "fake_machine");
    if (find == NULL) {
        fprintf(stderr, "no fake libcuda.so.1 beside %s\n", here.dli_fname);
        abort();
    }
    machine = find();
}
