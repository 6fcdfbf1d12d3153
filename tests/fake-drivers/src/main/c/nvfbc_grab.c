// SPDX-License-Identifier: Apache-2.0
// The fake NvFBC's way to the system's memory.
#define _GNU_SOURCE
#include "nvfbc.h"
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t) now.tv_sec * 1000000 + (uint64_t) now.tv_nsec / 1000;
}

static unsigned char *room(size_t bytes) {
    return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

// Unmapped, so that who reads on in it is seen at once.
static void give_back(unsigned char **memory, size_t bytes) {
    if (*memory != NULL) {
        munmap(*memory, bytes);
        *memory = NULL;
    }
}

static size_t map_bytes(const struct handle *handle) {
    return (size_t) handle->map_width * (size_t) handle->map_height;
}

void free_buffers(struct handle *handle) {
    give_back(&handle->buffer, handle->bytes);
    give_back(&handle->before, handle->bytes);
    give_back(&handle->map, map_bytes(handle));
    handle->set_up = 0;
}

enum status nvFBCToSysSetUp(struct handle *handle, void *in) {
    ENTER(in, 0x07030030);
    if (!handle->capturing || handle->set_up) {
        machine->wrong("%s: %s", __func__, handle->capturing ? "twice" : "no session runs");
        return BAD_REQUEST;
    }
    int scale = (int) u32(in, 32);
    handle->buffer_place = (void **) u64(in, 8);
    handle->map_place = u32(in, 16) ? (void **) u64(in, 24) : NULL;
    if (u32(in, 4) != BGRA || handle->buffer_place == NULL || (u32(in, 16) && (handle->map_place == NULL || scale < 1))) {
        machine->wrong("%s: format %u, scale %d", __func__, u32(in, 4), scale);
        return PARAMETER;
    }
    handle->bytes = (size_t) handle->part.width * (size_t) handle->part.height * 4;
    handle->buffer = room(handle->bytes);
    handle->before = room(handle->bytes);
    *handle->buffer_place = handle->buffer;
    if (handle->map_place != NULL) {
        handle->scale = scale;
        handle->map_width = (handle->part.width + scale - 1) / scale;
        handle->map_height = (handle->part.height + scale - 1) / scale;
        handle->map = room(map_bytes(handle));
        *handle->map_place = handle->map;
        put32(in, 36, (uint32_t) handle->map_width);
        put32(in, 40, (uint32_t) handle->map_height);
    }
    handle->set_up = 1;
    return DONE;
}

static void compare(struct handle *handle) {
    memset(handle->map, 0, map_bytes(handle));
    const uint32_t *was = (const uint32_t *) handle->before, *is = (const uint32_t *) handle->buffer;
    for (int y = 0; y < handle->part.height; y++) {
        for (int x = 0; x < handle->part.width; x++, was++, is++) {
            if (*was != *is) {
                handle->map[y / handle->scale * handle->map_width + x / handle->scale] = 1;
            }
        }
    }
}

// A picture of the screen as it is, and where it differs from the one before.
static int render(struct handle *handle) {
    memcpy(handle->before, handle->buffer, handle->bytes);
    if (!screen_read(&handle->screen, handle->part, handle->buffer)) {
        return 0;
    }
    if (handle->map != NULL) {
        compare(handle);
    }
    handle->frame++;
    return 1;
}

// A session that was made for direct capture, where there is none, stops after a few pictures.
static int stuck(const struct handle *handle) {
    return handle->direct && machine->number("indirect", 0) != 0 && handle->frame >= 5;
}

enum status nvFBCToSysGrabFrame(struct handle *handle, void *in) {
    ENTER(in, 0x07020018);
    char *info = (char *) u64(in, 8);
    uint32_t flags = u32(in, 4), timeout = u32(in, 16);
    if (!handle->capturing || (!handle->set_up && !handle->recreate)) {
        machine->wrong("%s: nothing is set up", __func__);
        return BAD_REQUEST;
    }
    if (timeout == 0 && (flags & NOWAIT) == 0) {
        machine->wrong("%s: waits for ever", __func__);
        return PARAMETER;
    }
    if (machine->down("grab_hang_after")) {
        for (;;) {
            pause();
        }
    }
    if (machine->down("fail_after")) {
        return (enum status) machine->number("fail_status", INTERNAL);
    }
    uint64_t until = now_us() + (flags & NOWAIT ? 0 : timeout * 1000ull);
    for (;;) {
        screen_look(&handle->screen);
        if (handle->screen.gone) {
            return X_GONE;
        }
        if (machine->down("recreate_after") || machine->number("recreate", 0) != 0 || handle->screen.resized) {
            free_buffers(handle);
            handle->recreate = 1;
        }
        if (handle->recreate) {
            if (handle->recover) {
                machine->wrong("%s: would wait for the mode in the driver", __func__);
            }
            return MUST_RECREATE;
        }
        uint64_t now = now_us();
        if ((handle->screen.damaged && !stuck(handle)) || now >= until) {
            break;
        }
        screen_wait(&handle->screen, (int) ((until - now + 999) / 1000));
    }
    int fresh = handle->screen.damaged && !stuck(handle);
    if (fresh && !render(handle)) {
        free_buffers(handle);
        handle->recreate = 1;
        return MUST_RECREATE;
    }
    if (info != NULL) {
        put32(info, 0, (uint32_t) handle->part.width);
        put32(info, 4, (uint32_t) handle->part.height);
        put32(info, 8, (uint32_t) handle->bytes);
        put32(info, 12, handle->frame);
        put32(info, 16, (uint32_t) fresh);
        put64(info, 24, now_us());
        put32(info, 32, 0);
        put32(info, 36, 0);
        put32(info, 40, handle->direct && machine->number("indirect", 0) == 0);
    }
    return DONE;
}
