// SPDX-License-Identifier: Apache-2.0
// HEVC by the machine's libx265.so.199 (3.5, as Debian 12 has it): real pictures at a real rate. It only ever refers to the picture before.
#include "nvenc.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

enum { IDR_SLICE = 1, TIME = 0, PLANES = 24, STRIDES = 48, TYPE = 64, FORCED_QP = 76, NAL = 16,
       LEAST_QP = 12, MOST_QP = 51, QUICKEST = 4 };

struct state { void *encoder, *parameters; unsigned char *input, *planes; uint32_t width, height;
    int qp; double share; };

static void *library(const char *name) {
    void *library = dlopen("libx265.so.199", RTLD_NOW | RTLD_LOCAL);
    return library == NULL ? NULL : dlsym(library, name);
}

static int says(void *parameters, const char *name, const char *value) {
    return ((int (*)(void *, const char *, const char *)) library("x265_param_parse"))(parameters, name, value);
}

static int says_number(void *parameters, const char *name, uint32_t value) {
    char text[16];
    snprintf(text, sizeof text, "%u", value);
    return says(parameters, name, text);
}

// Steps of the quantiser between two sizes of a picture: six double or halve it.
static int steps(double from, double to) {
    int count = 0;
    for (; from < to * 0.94; from *= 1.1225) {
        count--;
    }
    for (; from > to * 1.06; from /= 1.1225) {
        count++;
    }
    return count;
}

static int between(int least, int value, int most) {
    return value < least ? least : value > most ? most : value;
}

static double share(const struct parameters *now) {
    return effective(now) / 8.0 / now->rate;
}

static void close_encoder(void *opened) {
    struct state *state = opened;
    if (state->encoder != NULL) {
        ((void (*)(void *)) library("x265_encoder_close"))(state->encoder);
    }
    ((void (*)(void *)) library("x265_picture_free"))(state->input);
    ((void (*)(void *)) library("x265_param_free"))(state->parameters);
    free(state->planes);
    free(state);
}

static void *open_encoder(const struct parameters *now) {
    void *(*allocate)(void) = (void *(*)(void)) library("x265_param_alloc");
    void *(*open)(void *) = (void *(*)(void *)) library("x265_encoder_open_199");
    if (allocate == NULL || open == NULL) {
        return NULL;
    }
    struct state *state = calloc(1, sizeof *state);
    *state = (struct state) {NULL, allocate(), ((void *(*)(void)) library("x265_picture_alloc"))(),
        malloc(now->width * now->height * 3u / 2), now->width, now->height, 32, share(now)};
    char size[32];
    snprintf(size, sizeof size, "%ux%u", now->width, now->height);
    int wrong = ((int (*)(void *, const char *, const char *)) library("x265_param_default_preset"))(
        state->parameters, "ultrafast", "zerolatency");
    const struct { const char *name, *value; } WORDS[] = {
        {"input-res", size}, {"keyint", "-1"}, {"scenecut", "0"}, {"repeat-headers", "1"}, {"info", "0"}, {"open-gop", "0"},
        {"annexb", "1"}, {"qp", "32"}, {"log-level", "none"}, {"pools", "none"}, {"frame-threads", "1"}, {"wpp", "0"}, {"range", "limited"},
        {"colorprim", "bt709"}, {"transfer", "bt709"}, {"colormatrix", "bt709"}};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        wrong |= says(state->parameters, WORDS[i].name, WORDS[i].value);
    }
    wrong |= says_number(state->parameters, "fps", now->rate);
    ((void (*)(void *, void *)) library("x265_picture_init"))(state->parameters, state->input);
    state->encoder = wrong != 0 ? NULL : open(state->parameters);
    if (state->encoder == NULL) {
        close_encoder(state);
        return NULL;
    }
    return state;
}

// x265 takes no other rate while it runs: what each picture may take is kept here.
static void retarget(void *opened, const struct parameters *now) {
    struct state *state = opened;
    state->qp = between(LEAST_QP, state->qp + steps(state->share, share(now)), MOST_QP);
    state->share = share(now);
}

static size_t encode(void *opened, const unsigned char *picture, size_t pitch, long number, long reference, unsigned char *out, size_t room) {
    struct state *state = opened;
    uint32_t width = state->width, height = state->height;
    to_i420(picture, pitch, width, height, state->planes);
    unsigned char *blue = state->planes + (size_t) width * height, *red = blue + (size_t) width * height / 4;
    put64(state->input, TIME, (uint64_t) number);
    put64(state->input, PLANES, (uint64_t) state->planes);
    put64(state->input, PLANES + 8, (uint64_t) blue);
    put64(state->input, PLANES + 16, (uint64_t) red);
    put32(state->input, STRIDES, width);
    put32(state->input, STRIDES + 4, width / 2);
    put32(state->input, STRIDES + 8, width / 2);
    put32(state->input, TYPE, reference < 0 ? IDR_SLICE : 0);
    put32(state->input, FORCED_QP, (uint32_t) state->qp + 1);
    unsigned char *units = NULL;
    uint32_t count = 0;
    int (*code)(void *, void *, void *, void *, void *) = (int (*)(void *, void *, void *, void *, void *)) library("x265_encoder_encode");
    if (code(state->encoder, &units, &count, state->input, NULL) != 1) {
        return 0;
    }
    size_t bytes = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t part = u32(units, i * NAL + 4);
        if (bytes + part > room) {
            return 0;
        }
        memcpy(out + bytes, (const void *) u64(units, i * NAL + 8), part);
        bytes += part;
    }
    if (reference >= 0) { // a key frame says nothing of those that follow
        state->qp = between(LEAST_QP, state->qp + between(-1, steps((double) bytes, state->share), QUICKEST), MOST_QP);
    }
    return bytes;
}

const struct engine X265 = {open_encoder, retarget, encode, close_encoder, 0};
