// SPDX-License-Identifier: Apache-2.0
// The machine's libopenh264.so.7 (2.3) as the encoder: real pictures at a real rate. It only ever refers to the picture before.
#include "nvenc.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

enum { PARAMETERS = 920, LAYER = 32, SOURCE = 72, INFO = 5144 };

struct state { void ***encoder; unsigned char *planes; uint32_t width, height, rate, bits; };

static void *library(const char *name) {
    void *library = dlopen("libopenh264.so.7", RTLD_NOW | RTLD_LOCAL);
    void *function = library == NULL ? NULL : dlsym(library, name);
    if (function == NULL) {
        fprintf(stderr, "the fake driver needs libopenh264.so.7: install the Debian package libopenh264-7\n");
    }
    return function;
}

static void *call(struct state *state, int place) {
    return (*state->encoder)[place];
}

static void *open_encoder(const struct parameters *now) {
    int (*create)(void ****) = (int (*)(void ****)) library("WelsCreateSVCEncoder");
    struct state *state = calloc(1, sizeof *state);
    if (create == NULL || create(&state->encoder) != 0) {
        free(state);
        return NULL;
    }
    *state = (struct state) {state->encoder, malloc(now->width * now->height * 3u / 2), now->width, now->height, now->rate, 0};
    int quiet = 0, bits = effective(now);
    ((int (*)(void *, int, void *)) call(state, 7))(state->encoder, 25, &quiet);
    unsigned char all[PARAMETERS] = {0};
    ((int (*)(void *, void *)) call(state, 2))(state->encoder, all);
    float rate = (float) now->rate;
    const struct { size_t at; uint32_t value; } WORDS[] = {
        {4, now->width}, {8, now->height}, {12, (uint32_t) bits}, {16, 1}, {24, 1}, {28, 1}, {836, 0}, {844, 0}, {856, 0},
        {864, (uint32_t) bits}, {896, 0}, {LAYER, now->width}, {LAYER + 4, now->height}, {LAYER + 12, (uint32_t) bits},
        {LAYER + 16, (uint32_t) bits}, {LAYER + 20, 66}, {LAYER + 32, 0}, {LAYER + 36, 1}};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        put32(all, WORDS[i].at, WORDS[i].value);
    }
    memcpy(all + 20, &rate, 4);
    memcpy(all + LAYER + 8, &rate, 4);
    all[860] = all[908] = all[909] = 0;
    all[892] = 1;
    all[893] = 0;
    memcpy(all + LAYER + 184, "\1\5\0\1\1\1\1", 7);
    if (((int (*)(void *, void *)) call(state, 1))(state->encoder, all) != 0) {
        ((void (*)(void *)) library("WelsDestroySVCEncoder"))(state->encoder);
        free(state->planes);
        free(state);
        return NULL;
    }
    state->bits = (uint32_t) bits;
    return state;
}

static void retarget(void *opened, const struct parameters *now) {
    struct state *state = opened;
    int layer[2] = {0, effective(now)};
    int up = (uint32_t) layer[1] > state->bits;
    int (*set)(void *, int, void *) = (int (*)(void *, int, void *)) call(state, 7);
    set(state->encoder, up ? 6 : 5, layer);
    set(state->encoder, up ? 5 : 6, layer);
    state->bits = (uint32_t) layer[1];
}

static void load(struct state *state, const unsigned char *picture, size_t pitch, unsigned char *source) {
    uint32_t width = state->width, height = state->height;
    unsigned char *luma = state->planes, *blue = luma + (size_t) width * height, *red = blue + (size_t) width * height / 4;
    to_i420(picture, pitch, width, height, state->planes);
    put32(source, 0, 23);
    put32(source, 4, width);
    put32(source, 8, width / 2);
    put32(source, 12, width / 2);
    put64(source, 24, (uint64_t) luma);
    put64(source, 32, (uint64_t) blue);
    put64(source, 40, (uint64_t) red);
    put32(source, 56, width);
    put32(source, 60, height);
}

static size_t encode(void *opened, const unsigned char *picture, size_t pitch, long number, long reference, unsigned char *out, size_t room) {
    struct state *state = opened;
    unsigned char source[SOURCE] = {0}, info[INFO] = {0};
    load(state, picture, pitch, source);
    put64(source, 64, (uint64_t) number * 1000 / state->rate);
    if (reference < 0) {
        ((int (*)(void *, _Bool, int)) call(state, 6))(state->encoder, 1, -1);
    }
    if (((int (*)(void *, void *, void *)) call(state, 4))(state->encoder, source, info) != 0) {
        return 0;
    }
    size_t bytes = 0;
    for (uint32_t i = 0; i < u32(info, 0); i++) {
        const unsigned char *layer = info + 8 + i * 40;
        const int *sizes = (const int *) u64(layer, 24);
        size_t part = 0;
        for (uint32_t k = 0; k < u32(layer, 16); k++) {
            part += (size_t) sizes[k];
        }
        if (bytes + part > room) {
            return 0;
        }
        memcpy(out + bytes, (const void *) u64(layer, 32), part);
        bytes += part;
    }
    return bytes;
}

static void close_encoder(void *opened) {
    struct state *state = opened;
    ((int (*)(void *)) call(state, 3))(state->encoder);
    ((void (*)(void *)) library("WelsDestroySVCEncoder"))(state->encoder);
    free(state->planes);
    free(state);
}

const struct engine OPENH264 = {open_encoder, retarget, encode, close_encoder, 0};
