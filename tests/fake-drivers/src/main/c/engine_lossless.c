// SPDX-License-Identifier: Apache-2.0
// H.264 (ISO/IEC 14496-10) that is exact and may refer to any of 16 pictures: a macroblock is skipped where it is that of the one
// reference, and else written as it is (I_PCM). Whoever decodes it against another reference sees a wrong picture.
#include "nvenc.h"
#include <stdlib.h>

enum { KEPT = 17, LOG2_FRAMES = 16 };

struct state { unsigned char *pictures[KEPT]; uint32_t width, height, across, down, references; long idr; unsigned idrs; };
struct bits { unsigned char *out; size_t bytes, room; unsigned value; int count, zeros; };

static void put_byte(struct bits *to, unsigned value) {
    if (to->zeros == 2 && value <= 3 && to->bytes < to->room) {
        to->out[to->bytes++] = 3; // emulation prevention
        to->zeros = 0;
    }
    if (to->bytes < to->room) {
        to->out[to->bytes++] = (unsigned char) value;
    }
    to->zeros = value == 0 ? to->zeros + 1 : 0;
}

static void put(struct bits *to, unsigned value, int count) {
    for (int i = count - 1; i >= 0; i--) {
        to->value = to->value << 1 | (value >> i & 1);
        if (++to->count == 8) {
            put_byte(to, to->value & 255);
            to->value = 0;
            to->count = 0;
        }
    }
}

// Exp-Golomb, 9.1
static void ue(struct bits *to, unsigned value) {
    int count = 0;
    while ((value + 1) >> (count + 1) != 0) {
        count++;
    }
    put(to, 0, count);
    put(to, value + 1, count + 1);
}

static void begin(struct bits *to, unsigned type) {
    if (to->bytes + 5 <= to->room) {
        memcpy(to->out + to->bytes, "\0\0\0\1", 4);
        to->bytes += 4;
        to->out[to->bytes++] = (unsigned char) type;
    }
    to->zeros = 0;
}

static void align(struct bits *to) {
    if (to->count != 0) {
        put(to, 0, 8 - to->count);
    }
}

static void end(struct bits *to) {
    put(to, 1, 1);
    align(to);
}

static void headers(struct bits *to, const struct state *state) {
    begin(to, 0x67);
    put(to, 66 << 16 | 0xc0 << 8 | 51, 24);
    ue(to, 0);
    ue(to, LOG2_FRAMES - 4);
    ue(to, 2); // pic_order_cnt_type: pictures are shown as they come
    ue(to, state->references);
    put(to, 0, 1);
    ue(to, state->across - 1);
    ue(to, state->down - 1);
    put(to, 3, 2);
    put(to, 1, 1);
    ue(to, 0);
    ue(to, (state->across * 16 - state->width) / 2);
    ue(to, 0);
    ue(to, (state->down * 16 - state->height) / 2);
    put(to, 1, 1); // VUI
    put(to, 0, 2);
    put(to, 1, 1);
    put(to, 5, 3);
    put(to, 0, 1);
    put(to, 1, 1);
    put(to, 1 << 16 | 1 << 8 | 1, 24);
    put(to, 0, 5);
    put(to, 3, 2); // bitstream_restriction, motion_vectors_over_pic_boundaries
    ue(to, 0);
    ue(to, 0);
    ue(to, 16);
    ue(to, 16);
    ue(to, 0);
    ue(to, state->references);
    end(to);
    begin(to, 0x68);
    ue(to, 0);
    ue(to, 0);
    put(to, 0, 2);
    ue(to, 0);
    ue(to, 0);
    ue(to, 0);
    put(to, 0, 3);
    ue(to, 0);
    ue(to, 0);
    ue(to, 0);
    put(to, 4, 3); // deblocking_filter_control_present
    end(to);
}

static void *open_encoder(const struct parameters *now) {
    struct state *state = calloc(1, sizeof *state);
    state->width = now->width;
    state->height = now->height;
    state->across = (now->width + 15) / 16;
    state->down = (now->height + 15) / 16;
    state->references = now->references;
    for (int i = 0; i < KEPT; i++) {
        state->pictures[i] = calloc(384, state->across * state->down);
    }
    return state;
}

// The macroblocks of a picture, each as I_PCM has it: 256 of luma, 64 each of chroma; behind the edge the last pixel goes on.
static void load(const struct state *state, const unsigned char *picture, size_t pitch, unsigned char *out) {
    for (uint32_t block = 0; block < state->across * state->down; block++) {
        uint32_t left = block % state->across * 16, top = block / state->across * 16;
        for (uint32_t i = 0; i < 256; i++) {
            uint32_t x = left + i % 16, y = top + i / 16;
            x = x < state->width ? x : state->width - 1;
            y = y < state->height ? y : state->height - 1;
            out[384 * (size_t) block + i] = picture[y * pitch + x];
        }
        for (uint32_t i = 0; i < 64; i++) {
            uint32_t x = left / 2 + i % 8, y = top / 2 + i / 8;
            x = x < state->width / 2 ? x : state->width / 2 - 1;
            y = y < state->height / 2 ? y : state->height / 2 - 1;
            out[384 * (size_t) block + 256 + i] = picture[(state->height + y) * pitch + 2 * x];
            out[384 * (size_t) block + 320 + i] = picture[(state->height + y) * pitch + 2 * x + 1];
        }
    }
}

static size_t encode(void *opened, const unsigned char *picture, size_t pitch, long number, long reference, unsigned char *out, size_t room) {
    struct state *state = opened;
    struct bits to = {out, 0, room, 0, 0, 0};
    int key = reference < 0;
    unsigned char *now = state->pictures[number % KEPT];
    load(state, picture, pitch, now);
    if (key) {
        headers(&to, state);
        state->idr = number;
        state->idrs++;
    }
    begin(&to, key ? 0x65 : 0x61);
    ue(&to, 0);
    ue(&to, key ? 7 : 5);
    ue(&to, 0);
    put(&to, (unsigned) (number - state->idr) & ((1u << LOG2_FRAMES) - 1), LOG2_FRAMES);
    if (key) {
        ue(&to, state->idrs & 1); // idr_pic_id
        put(&to, 0, 2);
    } else {
        put(&to, 1, 2); // the default number of references; their list is changed
        ue(&to, 0);
        ue(&to, (unsigned) (number - reference - 1));
        ue(&to, 3);
        put(&to, 0, 1); // sliding window
    }
    ue(&to, 0);
    ue(&to, 1); // no deblocking
    const unsigned char *before = key ? NULL : state->pictures[reference % KEPT];
    unsigned skipped = 0;
    for (size_t block = 0; block < (size_t) state->across * state->down; block++) {
        if (before != NULL && memcmp(before + 384 * block, now + 384 * block, 384) == 0) {
            skipped++;
            continue;
        }
        if (before != NULL) {
            ue(&to, skipped);
            skipped = 0;
        }
        ue(&to, key ? 25 : 30);
        align(&to);
        for (int i = 0; i < 384; i++) {
            put(&to, now[384 * block + (size_t) i], 8);
        }
    }
    if (skipped > 0) {
        ue(&to, skipped);
    }
    end(&to);
    return to.bytes < room ? to.bytes : 0;
}

static void retarget(void *opened, const struct parameters *now) {
    (void) opened;
    (void) now; // it has one rate: all that there is
}

static void close_encoder(void *opened) {
    struct state *state = opened;
    for (int i = 0; i < KEPT; i++) {
        free(state->pictures[i]);
    }
    free(state);
}

const struct engine LOSSLESS = {open_encoder, retarget, encode, close_encoder, 1};
