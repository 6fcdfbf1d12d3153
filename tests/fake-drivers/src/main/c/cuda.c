// SPDX-License-Identifier: Apache-2.0
// A libcuda.so.1 without a GPU. Its memory is the host's, behind addresses that only the driver can follow.
#define _GNU_SOURCE
#include "cuda.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GPUS = 2, DEPTH = 8, PITCH = 512, MIB = 1 << 20 };

struct context { int device, retained; };

pthread_mutex_t cuda_lock = PTHREAD_MUTEX_INITIALIZER;
static struct context contexts[GPUS] = {{0, 0}, {1, 0}};
struct allocation *allocations;
static uint64_t next_address = 0x7000000000;
static int initialised;
static __thread struct context *stack[DEPTH];
static __thread int depth;

void *current(void) {
    return depth > 0 ? stack[depth - 1] : NULL;
}

// Which GPU an index means: the order of the indexes is the driver's business, and not that of other tools.
static int gpu(int index) {
    int count = (int) fake_number("gpus", 1);
    return fake_number("reordered", 0) != 0 ? count - 1 - index : index;
}

int ready(const char *call) {
    if (fake_number("lost", 0) != 0) {
        return ILLEGAL_ADDRESS;
    }
    if (current() == NULL) {
        fake_wrong("%s without a current context", call);
        return INVALID_CONTEXT;
    }
    return OK;
}

API cuInit(unsigned flags) {
    initialised = flags == 0;
    return fake_number("gpus", 1) == 0 ? NO_DEVICE : flags == 0 ? OK : INVALID_VALUE;
}

API cuDeviceGetCount(int *count) {
    *count = (int) fake_number("gpus", 1);
    return initialised ? OK : NOT_INITIALIZED;
}

API cuDeviceGet(int *device, int index) {
    if (index < 0 || index >= fake_number("gpus", 1)) {
        return INVALID_DEVICE;
    }
    *device = gpu(index);
    return OK;
}

API cuDeviceGetName(char *name, int bytes, int device) {
    snprintf(name, (size_t) bytes, "fake GPU %d", device);
    return OK;
}

API cuDeviceGetUuid(unsigned char *uuid, int device) {
    memset(uuid, 0xf0 + device, 16);
    return OK;
}

API cuDevicePrimaryCtxRetain(void **context, int device) {
    struct context *known = &contexts[device];
    pthread_mutex_lock(&cuda_lock);
    if (known->retained++ == 0) {
        fake_count(CONTEXTS, 1);
    }
    pthread_mutex_unlock(&cuda_lock);
    *context = known;
    return OK;
}

API cuDevicePrimaryCtxRelease_v2(int device) {
    pthread_mutex_lock(&cuda_lock);
    struct context *known = &contexts[device];
    if (known->retained == 0) {
        fake_wrong("a context is released that nobody holds");
    } else if (--known->retained == 0) {
        fake_count(CONTEXTS, -1);
        for (struct allocation *each = allocations; each != NULL; each = each->next) {
            if (each->device == device) {
                fake_wrong("a context is released before its memory is freed");
                break;
            }
        }
    }
    pthread_mutex_unlock(&cuda_lock);
    return OK;
}

API cuCtxPushCurrent_v2(void *context) {
    if (context != &contexts[0] && context != &contexts[1]) {
        return INVALID_CONTEXT;
    }
    if (depth == DEPTH) {
        fake_wrong("contexts are pushed and never popped");
        return INVALID_CONTEXT;
    }
    stack[depth++] = context;
    return OK;
}

API cuCtxPopCurrent_v2(void **context) {
    if (depth == 0) {
        fake_wrong("a context is popped that was not pushed");
        return INVALID_CONTEXT;
    }
    depth--;
    if (context != NULL) {
        *context = stack[depth];
    }
    return OK;
}

API cuCtxGetCurrent(void **context) {
    *context = current();
    return OK;
}

struct allocation *find(uint64_t address, uint64_t bytes) {
    for (struct allocation *each = allocations; each != NULL; each = each->next) {
        if (address >= each->address && address + bytes <= each->address + each->bytes) {
            return each;
        }
    }
    return NULL;
}

unsigned char *memory(uint64_t address, uint64_t bytes) {
    pthread_mutex_lock(&cuda_lock);
    struct allocation *found = find(address, bytes);
    struct context *now = current();
    unsigned char *data = found == NULL || now == NULL || found->device != now->device
        ? NULL : found->data + (address - found->address);
    pthread_mutex_unlock(&cuda_lock);
    return data;
}

static uint64_t used(void) {
    uint64_t bytes = 0;
    for (struct allocation *each = allocations; each != NULL; each = each->next) {
        bytes += each->bytes;
    }
    return bytes;
}

static int room(uint64_t bytes) {
    return used() + bytes <= (uint64_t) fake_number("memory", 8192) * MIB;
}

// Room for pictures, where it is to be less than the memory that the driver tells of.
static int room_of_pictures(uint64_t bytes) {
    return room(bytes) && used() + bytes <= (uint64_t) fake_number("room", 8192) * MIB;
}

API cuMemGetInfo_v2(size_t *unused, size_t *all) {
    READY;
    *all = (size_t) fake_number("memory", 8192) * MIB;
    *unused = *all - used();
    return OK;
}

API cuMemAlloc_v2(uint64_t *address, size_t bytes) {
    READY;
    pthread_mutex_lock(&cuda_lock);
    int fits = bytes > 0 && room_of_pictures(bytes);
    if (fits) {
        struct allocation *made = calloc(1, sizeof *made);
        made->next = allocations;
        made->address = next_address;
        made->bytes = bytes;
        made->data = calloc(1, bytes);
        made->device = ((struct context *) current())->device;
        allocations = made;
        next_address += (bytes + 2 * PITCH - 1) / PITCH * PITCH;
        *address = made->address;
        fake_count(MEMORY, 1);
    }
    pthread_mutex_unlock(&cuda_lock);
    return fits ? OK : bytes > 0 ? OUT_OF_MEMORY : INVALID_VALUE;
}

API cuMemAllocPitch_v2(uint64_t *address, size_t *pitch, size_t width, size_t height, unsigned element) {
    if (element != 4 && element != 8 && element != 16) {
        return INVALID_VALUE;
    }
    *pitch = (width + PITCH - 1) / PITCH * PITCH + PITCH; // never the width
    return cuMemAlloc_v2(address, *pitch * height);
}

API cuMemFree_v2(uint64_t address) {
    if (current() == NULL) {
        READY;
    }
    pthread_mutex_lock(&cuda_lock);
    int result = INVALID_VALUE;
    for (struct allocation **each = &allocations; *each != NULL; each = &(*each)->next) {
        struct allocation *gone = *each;
        if (gone->address == address) {
            if (gone->uses != 0) {
                fake_wrong("memory is freed that an encoder has registered");
            }
            *each = gone->next;
            free(gone->data);
            free(gone);
            fake_count(MEMORY, -1);
            result = OK;
            break;
        }
    }
    pthread_mutex_unlock(&cuda_lock);
    return result;
}

// CUDA_MEMCPY2D
API cuMemcpy2D_v2(const unsigned char *copy) {
    READY;
    const size_t *word = (const size_t *) copy;
    int from = *(const int *) (copy + 16), to = *(const int *) (copy + 72);
    size_t from_pitch = word[6], to_pitch = word[13], width = word[14], height = word[15];
    size_t from_bytes = (height - 1) * from_pitch + word[0] + width, to_bytes = (height - 1) * to_pitch + word[7] + width;
    const unsigned char *source = from == 1 ? (const unsigned char *) word[3] : from == 2 ? memory(word[4], from_bytes) : NULL;
    unsigned char *target = to == 1 ? (unsigned char *) word[10] : to == 2 ? memory(word[11], to_bytes) : NULL;
    if (source == NULL || target == NULL || from_pitch < word[0] + width || to_pitch < word[7] + width) {
        fake_wrong("a copy of %zu x %zu bytes, pitch %zu to %zu, leaves its memory", width, height, from_pitch, to_pitch);
        return INVALID_VALUE;
    }
    for (size_t row = 0; row < height; row++) {
        memcpy(target + (word[8] + row) * to_pitch + word[7], source + (word[1] + row) * from_pitch + word[0], width);
    }
    return OK;
}

static int device(void *context) {
    return ((struct context *) context)->device;
}

static void use(uint64_t address, int change) {
    pthread_mutex_lock(&cuda_lock);
    struct allocation *found = find(address, 1);
    if (found != NULL) {
        found->uses += change;
    }
    pthread_mutex_unlock(&cuda_lock);
}

static int pending(uint64_t address) {
    pthread_mutex_lock(&cuda_lock);
    struct allocation *found = find(address, 1);
    int waits = found != NULL && found->writer != NULL;
    pthread_mutex_unlock(&cuda_lock);
    return waits;
}

static const struct machine MACHINE = {
    fake_number, fake_down, fake_take, fake_wrong, fake_count, current, device, memory, use, pending, fake_session, room};

__attribute__((visibility("default"))) const struct machine *fake_machine(void) {
    return &MACHINE;
}
