// SPDX-License-Identifier: Apache-2.0
// Inside the fake libnvidia-fbc.so.1. All numbers are literal: facts about the interface, no text of NVIDIA's header.
#ifndef FAKE_NVFBC_H
#define FAKE_NVFBC_H

#include "machine.h"
#include <pthread.h>
#include <stddef.h>
#include <string.h>

enum status { DONE = 0, API_VERSION = 1, INTERNAL = 2, PARAMETER = 3, POINTER = 4, HANDLE = 5, MAX_CLIENTS = 6, UNSUPPORTED = 7,
              BAD_REQUEST = 9, X_GONE = 10, CONTEXT = 15, MUST_RECREATE = 16 };
enum { MAGIC = 0x4e464243, NOWAIT = 1, BGRA = 5, TO_SYSTEM = 0, OUTPUT = 1 };

struct box { int x, y, width, height; };

// What the X server shows, over a connection of the driver's own.
struct screen { void *display; unsigned long root, damage; int descriptor, damage_event, width, height, damaged, resized, gone; };

int screen_open(struct screen *screen);
void screen_close(struct screen *screen);
// Takes note of what the server has reported.
void screen_look(struct screen *screen);
// Waits for a report.
void screen_wait(struct screen *screen, int milliseconds);
// Pixels of a part, rows without gaps; 0: the server refused.
int screen_read(struct screen *screen, struct box part, unsigned char *pixels);

struct handle {
    int magic, capturing, push, direct, recover, set_up, recreate, scale, map_width, map_height;
    pthread_t thread;
    int bound;
    struct screen screen;
    struct box part;
    unsigned char *buffer, *before, *map;
    void **buffer_place, **map_place;
    size_t bytes;
    uint32_t frame;
};

extern const struct machine *machine;

static inline uint32_t u32(const void *at, size_t offset) {
    uint32_t value;
    memcpy(&value, (const char *) at + offset, 4);
    return value;
}

static inline uint64_t u64(const void *at, size_t offset) {
    uint64_t value;
    memcpy(&value, (const char *) at + offset, 8);
    return value;
}

static inline void put32(void *at, size_t offset, uint32_t value) {
    memcpy((char *) at + offset, &value, 4);
}

static inline void put64(void *at, size_t offset, uint64_t value) {
    memcpy((char *) at + offset, &value, 8);
}

// What each call asks first: a handle, bound to the calling thread, and the structure's version word.
enum status enter(struct handle *handle, const void *structure, uint32_t word, const char *call);
void free_buffers(struct handle *handle);
enum status nvFBCToSysSetUp(struct handle *handle, void *in);
enum status nvFBCToSysGrabFrame(struct handle *handle, void *in);

#define ENTER(structure, word) enum status entered = enter(handle, structure, word, __func__); if (entered != DONE) return entered

#endif
