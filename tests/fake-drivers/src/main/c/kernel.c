// SPDX-License-Identifier: Apache-2.0
// Streams, modules and the one kernel of the fake libcuda.so.1: the kernel is computed here.
#define _GNU_SOURCE
#include "cuda.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

API cuStreamCreate(void **stream, unsigned flags) {
    READY;
    *stream = malloc(1);
    fake_count(STREAMS, 1);
    return flags > 1 ? INVALID_VALUE : OK;
}

API cuStreamDestroy_v2(void *stream) {
    if (current() == NULL) {
        READY;
    }
    free(stream);
    fake_count(STREAMS, -1);
    return OK;
}

API cuStreamSynchronize(void *stream) {
    READY;
    pthread_mutex_lock(&cuda_lock);
    for (struct allocation *each = allocations; each != NULL; each = each->next) {
        each->writer = each->writer == stream ? NULL : each->writer;
    }
    pthread_mutex_unlock(&cuda_lock);
    return OK;
}

API cuModuleLoadData(void **module, const char *image) {
    READY;
    if (strstr(image, ".version 6.3\n") == NULL || strstr(image, ".target sm_50\n") == NULL) {
        return INVALID_PTX; // newer drivers would take more, the oldest that we support would not
    }
    *module = strdup(image);
    fake_count(MODULES, 1);
    return OK;
}

API cuModuleUnload(void *module) {
    if (current() == NULL) {
        READY;
    }
    free(module);
    fake_count(MODULES, -1);
    return OK;
}

API cuModuleGetFunction(void **function, void *module, const char *name) {
    READY;
    char entry[100];
    snprintf(entry, sizeof entry, ".entry %s(", name);
    *function = strstr(module, entry);
    return *function != NULL && strcmp(name, "bgra_to_nv12") == 0 ? OK : NOT_FOUND;
}

// One thread of the kernel: four pixels.
static void convert(const unsigned char *from, uint64_t from_pitch, unsigned char *to, uint64_t to_pitch, uint32_t width,
        uint32_t height, uint32_t x, uint32_t y) {
    if (x >= width || y >= height) {
        return;
    }
    int red = 0, green = 0, blue = 0;
    for (uint32_t i = 0; i < 4; i++) {
        const unsigned char *pixel = from + (y + i / 2) * from_pitch + 4 * (x + i % 2);
        to[(y + i / 2) * to_pitch + x + i % 2] =
            (unsigned char) ((11966 * pixel[2] + 40254 * pixel[1] + 4064 * pixel[0] + 1081344) >> 16);
        red += pixel[2];
        green += pixel[1];
        blue += pixel[0];
    }
    unsigned char *chroma = to + (height + y / 2) * to_pitch + x;
    chroma[0] = (unsigned char) ((-6596 * red - 22188 * green + 28784 * blue + 33685504) >> 18);
    chroma[1] = (unsigned char) ((28784 * red - 26145 * green - 2639 * blue + 33685504) >> 18);
}

API cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
        void *stream, void **values, void **extra) {
    READY;
    if (function == NULL || bx * by * bz > 1024 || gx * gy * gz * bx * by * bz == 0 || shared != 0 || extra != NULL) {
        return INVALID_VALUE;
    }
    uint64_t from_pitch = *(uint64_t *) values[1], to_pitch = *(uint64_t *) values[3], to = *(uint64_t *) values[2];
    uint32_t width = *(uint32_t *) values[4], height = *(uint32_t *) values[5];
    const unsigned char *source = memory(*(uint64_t *) values[0], (height - 1) * from_pitch + 4 * width);
    unsigned char *target = memory(to, (height + height / 2 - 1) * to_pitch + width);
    if (source == NULL || target == NULL || width % 2 != 0 || height % 2 != 0) {
        fake_wrong("a kernel over %u x %u leaves its memory", width, height);
        return ILLEGAL_ADDRESS;
    }
    for (uint32_t y = 0; y < gy * by; y++) {
        for (uint32_t x = 0; x < gx * bx; x++) {
            convert(source, from_pitch, target, to_pitch, width, height, 2 * x, 2 * y);
        }
    }
    pthread_mutex_lock(&cuda_lock);
    find(to, 1)->writer = stream;
    pthread_mutex_unlock(&cuda_lock);
    return OK;
}
