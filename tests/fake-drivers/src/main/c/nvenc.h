// SPDX-License-Identifier: Apache-2.0
// Inside the fake libnvidia-encode.so.1. All numbers are literal: facts about the interface, no text of NVIDIA's header.
#ifndef FAKE_NVENC_H
#define FAKE_NVENC_H

#include "machine.h"
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum status { DONE = 0, NO_ENCODE_DEVICE = 1, INVALID_ENCODER = 3, DEVICE_GONE = 5, INVALID_POINTER = 6, INVALID_PARAMETER = 8,
              INVALID_CALL = 9, OUT_OF_MEMORY = 10, NOT_INITIALIZED = 11, UNSUPPORTED = 12, LOCK_BUSY = 13, INVALID_VERSION = 15,
              MAP_FAILED = 16, NEED_MORE_INPUT = 17, BUSY = 18, UNIMPLEMENTED = 22, NOT_REGISTERED = 24, NOT_MAPPED = 25 };
enum codec { H264, HEVC, AV1, CODECS };
enum { ADMITTED = 16, NV12 = 1, IDR = 3, P = 0 };

// Structures that carry a version word.
enum block { LIST, OPEN, CAPS, PRESET, INITIALIZE, RECONFIGURE, CONFIG, RATE, PICTURE, BUFFER, REGISTER, MAP, LOCK, BLOCKS };

struct guid { uint32_t a; uint16_t b, c; uint8_t d[8]; };

// What a program has asked for, read out of its structures.
struct parameters {
    enum codec codec;
    uint32_t width, height, rate, gop, bits, vbv, references;
    int repeat_headers;
};

// Whoever makes pictures: returns the number of bytes, 0 if it failed.
struct engine {
    void *(*open)(const struct parameters *);
    void (*retarget)(void *, const struct parameters *);
    // Picture "number" with the only reference "reference", or as IDR where that is negative. NV12, rows "pitch" apart.
    size_t (*encode)(void *, const unsigned char *picture, size_t pitch, long number, long reference, unsigned char *out, size_t room);
    void (*close)(void *);
    int any_reference;
};

extern const struct engine OPENH264, AOM, X265, LOSSLESS, OPAQUE;
// With a VBV of one picture the rate is what the buffer lets through: who changes one without the other sees it in the bits.
int effective(const struct parameters *now);
// NV12 in rows "pitch" apart as three planes without gaps.
void to_i420(const unsigned char *picture, size_t pitch, uint32_t width, uint32_t height, unsigned char *planes);
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

// The index of an API version in the tables below, -1 for one that never was.
int api_of(uint32_t version);
// Whether the driver is new enough for it.
int served(int api);
uint32_t word(int api, enum block block);
// Whether a structure begins with its version word; says so where it does not.
int right(int api, enum block block, const void *structure, const char *call);
extern const uint8_t CODEC_GUIDS[CODECS][16];
int codec_of(const void *guid);
int capability(int index);
// The codecs of the driver: H.264 always, others by number "codecs".
int offers(int codec);

enum status preset(int api, struct guid codec, struct guid preset, uint32_t tuning, void *out);
// Reads INITIALIZE with the CONFIG it points to.
enum status read_parameters(int api, const void *initialize, struct parameters *out);

enum { MAGIC = 0x4e56454e, REMEMBERED = 16 };

struct resource { struct resource *next; uint64_t address; uint32_t width, height, pitch; int mapped; };
struct bitstream { struct bitstream *next; unsigned char *data; size_t bytes, room; int filled, locked, idr; uint64_t timestamp; };
struct picture { uint64_t timestamp; long number; int valid; };
struct session {
    int magic, api, initialised, first, force;
    void *context, *engine_state;
    const struct engine *engine;
    struct parameters now;
    struct resource *resources;
    struct bitstream *bitstreams;
    struct picture past[REMEMBERED];
    long number, since_idr;
    uint64_t latest;
};

enum status enter(struct session *session, const char *call, int initialised);
struct bitstream *bitstream(struct session *session, uint64_t handle);
struct resource *resource(struct session *session, uint64_t handle);

#define ENTER(initialised) enum status entered = enter(session, __func__, initialised); if (entered != DONE) return entered
#define VERSION(block, structure) if (!right(session->api, block, structure, __func__)) return INVALID_VERSION

enum status nvEncOpenEncodeSessionEx(const void *in, struct session **out);
enum status nvEncGetEncodeGUIDCount(struct session *session, uint32_t *count);
enum status nvEncGetEncodeGUIDs(struct session *session, unsigned char *guids, uint32_t room, uint32_t *count);
enum status nvEncGetEncodeCaps(struct session *session, struct guid guid, const void *in, int *value);
enum status nvEncGetEncodePresetConfigEx(struct session *session, struct guid codec, struct guid which, uint32_t tuning, void *out);
enum status nvEncInitializeEncoder(struct session *session, const void *in);
enum status nvEncReconfigureEncoder(struct session *session, const void *in);
enum status nvEncCreateBitstreamBuffer(struct session *session, void *out);
enum status nvEncDestroyBitstreamBuffer(struct session *session, uint64_t handle);
enum status nvEncRegisterResource(struct session *session, void *in);
enum status nvEncUnregisterResource(struct session *session, uint64_t handle);
enum status nvEncDestroyEncoder(struct session *session);

#endif
