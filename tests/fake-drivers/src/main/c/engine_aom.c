// SPDX-License-Identifier: Apache-2.0
// AV1 by the machine's libaom.so.3 (3.6, as Debian 12 has it): real pictures at a real rate. It only ever refers to the picture before.
#include "nvenc.h"
#include <dlfcn.h>
#include <stdlib.h>

enum { INTERFACE_VERSION = 29, CODEC = 64, CONFIG_BYTES = 904, IMAGE = 168, I420 = 258, REAL_TIME = 1, FORCE_KEY = 1 };

struct state { unsigned char codec[CODEC], config[CONFIG_BYTES], *planes; uint32_t width, height; };

static void *library(const char *name) {
    void *library = dlopen("libaom.so.3", RTLD_NOW | RTLD_LOCAL);
    return library == NULL ? NULL : dlsym(library, name);
}

static void set_rate(struct state *state, const struct parameters *now) {
    put32(state->config, 136, (uint32_t) (effective(now) / 1000));
}

static void control(struct state *state, int what, int value) {
    ((int (*)(void *, int, ...)) library("aom_codec_control"))(state->codec, what, value);
}

static void *open_encoder(const struct parameters *now) {
    void *(*coder)(void) = (void *(*)(void)) library("aom_codec_av1_cx");
    int (*defaults)(void *, void *, unsigned) = (int (*)(void *, void *, unsigned)) library("aom_codec_enc_config_default");
    int (*init)(void *, void *, void *, long, int) = (int (*)(void *, void *, void *, long, int)) library("aom_codec_enc_init_ver");
    struct state *state = calloc(1, sizeof *state);
    if (coder == NULL || defaults(coder(), state->config, REAL_TIME) != 0) {
        free(state);
        return NULL;
    }
    const struct { size_t at; uint32_t value; } WORDS[] = {
        {4, 2}, {12, now->width}, {16, now->height}, {40, 1}, {44, now->rate}, {56, 0}, {60, 0}, {96, 1}, {156, 1000}, {160, 500},
        {164, 600}, {184, 0}, {188, 0}, {192, 0x7fffffff}};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        put32(state->config, WORDS[i].at, WORDS[i].value);
    }
    set_rate(state, now);
    if (init(state->codec, coder(), state->config, 0, INTERFACE_VERSION) != 0) {
        free(state);
        return NULL;
    }
    control(state, 13, 6); // the fastest that codes every block: from 7 on some stay as they were
    control(state, 32, 1); // rows side by side
    // Content (43) is not said to be a screen: with that an assertion of 3.6 ends the process when the rate falls over snow.
    control(state, 45, 1); // BT.709
    control(state, 46, 1);
    control(state, 47, 1);
    state->width = now->width;
    state->height = now->height;
    state->planes = malloc(now->width * now->height * 3u / 2);
    return state;
}

static void retarget(void *opened, const struct parameters *now) {
    struct state *state = opened;
    set_rate(state, now);
    ((int (*)(void *, void *)) library("aom_codec_enc_config_set"))(state->codec, state->config);
}

static size_t encode(void *opened, const unsigned char *picture, size_t pitch, long number, long reference, unsigned char *out, size_t room) {
    struct state *state = opened;
    to_i420(picture, pitch, state->width, state->height, state->planes);
    unsigned char image[IMAGE] = {0};
    void *(*wrap)(void *, int, unsigned, unsigned, unsigned, void *) =
        (void *(*)(void *, int, unsigned, unsigned, unsigned, void *)) library("aom_img_wrap");
    int (*code)(void *, void *, int64_t, unsigned long, long) = (int (*)(void *, void *, int64_t, unsigned long, long)) library("aom_codec_encode");
    const unsigned char *(*next)(void *, void **) = (const unsigned char *(*)(void *, void **)) library("aom_codec_get_cx_data");
    if (wrap(image, I420, state->width, state->height, 1, state->planes) == NULL
            || code(state->codec, image, number, 1, reference < 0 ? FORCE_KEY : 0) != 0) {
        return 0;
    }
    size_t bytes = 0;
    void *at = NULL;
    for (const unsigned char *packet = next(state->codec, &at); packet != NULL; packet = next(state->codec, &at)) {
        if (u32(packet, 0) == 0 && bytes + u64(packet, 16) <= room) {
            memcpy(out + bytes, (const void *) u64(packet, 8), u64(packet, 16));
            bytes += u64(packet, 16);
        }
    }
    return bytes;
}

static void close_encoder(void *opened) {
    struct state *state = opened;
    ((int (*)(void *)) library("aom_codec_destroy"))(state->codec);
    free(state->planes);
    free(state);
}

const struct engine AOM = {open_encoder, retarget, encode, close_encoder, 0};
