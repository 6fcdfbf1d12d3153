// SPDX-License-Identifier: Apache-2.0
// Sessions of the fake libnvidia-encode.so.1 and what they own.
#define _GNU_SOURCE
#include "nvenc.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// A driver with a fault in one function: it ends its process, or never returns.
static void misbehave(const char *call) {
    char key[40];
    snprintf(key, sizeof key, "crash.%s", call);
    if (machine->number(key, 0) != 0) {
        *(volatile int *) NULL = 0;
    }
    snprintf(key, sizeof key, "hang.%s", call);
    while (machine->number(key, 0) != 0) {
        pause();
    }
}

// The session, if the pointer is one and the caller has its context current.
enum status enter(struct session *session, const char *call, int initialised) {
    misbehave(call);
    if (session == NULL || session->magic != MAGIC) {
        machine->wrong("%s: no session", call);
        return INVALID_ENCODER;
    }
    if (machine->context() != session->context) {
        machine->wrong("%s without the session's context current", call);
        return INVALID_VERSION;
    }
    if (machine->number("lost", 0) != 0) {
        return DEVICE_GONE;
    }
    if (initialised != session->initialised && initialised >= 0) {
        machine->wrong("%s at the wrong time", call);
        return initialised ? NOT_INITIALIZED : INVALID_CALL;
    }
    return DONE;
}

enum status nvEncOpenEncodeSessionEx(const void *in, struct session **out) {
    misbehave(__func__);
    int api = api_of(u32(in, 24));
    if (api < 0 || !served(api) || !right(api, OPEN, in, __func__)) {
        return INVALID_VERSION;
    }
    void *context = (void *) u64(in, 8);
    if (u32(in, 4) != 1 || context == NULL || machine->context() != context) {
        machine->wrong("%s: the device is not the current context", __func__);
        return INVALID_PARAMETER;
    }
    char key[40];
    snprintf(key, sizeof key, "no_encoder.%d", machine->device(context));
    if (machine->number(key, 0) != 0) {
        return (enum status) machine->number(key, 0);
    }
    if (!machine->room(300ull << 20) || !machine->session("sessions", 1)) {
        return (enum status) machine->number("full", 21);
    }
    struct session *made = calloc(1, sizeof *made);
    made->magic = MAGIC;
    made->api = api;
    made->context = context;
    made->first = 1;
    machine->count(SESSIONS, 1);
    *out = made;
    return DONE;
}

enum status nvEncGetEncodeGUIDCount(struct session *session, uint32_t *count) {
    ENTER(-1);
    *count = 1 + (uint32_t) offers(HEVC) + (uint32_t) (offers(AV1) && session->api > 0);
    return DONE;
}

enum status nvEncGetEncodeGUIDs(struct session *session, unsigned char *guids, uint32_t room, uint32_t *count) {
    ENTER(-1);
    nvEncGetEncodeGUIDCount(session, count);
    *count = *count < room ? *count : room;
    memcpy(guids, CODEC_GUIDS, *count * 16);
    return DONE;
}

enum status nvEncGetEncodeCaps(struct session *session, struct guid guid, const void *in, int *value) {
    ENTER(-1);
    VERSION(CAPS, in);
    if (codec_of(&guid) < 0 || !offers(codec_of(&guid))) {
        return UNSUPPORTED;
    }
    *value = capability((int) u32(in, 4));
    return DONE;
}

enum status nvEncGetEncodePresetConfigEx(struct session *session, struct guid codec, struct guid which, uint32_t tuning, void *out) {
    ENTER(-1);
    return preset(session->api, codec, which, tuning, out);
}

enum status nvEncInitializeEncoder(struct session *session, const void *in) {
    ENTER(0);
    enum status status = read_parameters(session->api, in, &session->now);
    if (status != DONE) {
        return status;
    }
    session->engine = session->now.codec == AV1 ? &AOM : session->now.codec == HEVC ? &X265
        : machine->number("lossless", 0) ? &LOSSLESS : &OPENH264;
    session->engine_state = session->engine->open(&session->now);
    if (session->engine_state == NULL && session->now.codec != H264) {
        session->engine = &OPAQUE; // a machine without libaom or libx265
        session->engine_state = session->engine->open(&session->now);
    }
    if (session->engine_state == NULL) {
        return INVALID_PARAMETER;
    }
    session->initialised = 1;
    return DONE;
}

enum status nvEncReconfigureEncoder(struct session *session, const void *in) {
    ENTER(1);
    VERSION(RECONFIGURE, in);
    if (!capability(20)) {
        machine->wrong("%s where the rate is fixed", __func__);
        return UNSUPPORTED;
    }
    struct parameters next;
    enum status status = read_parameters(session->api, (const char *) in + 8, &next);
    if (status != DONE) {
        return status;
    }
    if (next.bits > machine->number("most_bits", 1l << 31)) {
        return INVALID_PARAMETER;
    }
    if (next.width != session->now.width || next.height != session->now.height || next.codec != session->now.codec) {
        return INVALID_PARAMETER;
    }
    session->now = next;
    // resetEncoder, forceIDR
    session->force |= (u32(in, session->api < 3 ? 1816 : 1808) & 3) != 0;
    session->engine->retarget(session->engine_state, &next);
    return DONE;
}

enum status nvEncCreateBitstreamBuffer(struct session *session, void *out) {
    ENTER(1);
    VERSION(BUFFER, out);
    struct bitstream *made = calloc(1, sizeof *made);
    made->room = 2u * session->now.width * session->now.height + (1 << 20);
    made->data = malloc(made->room);
    made->next = session->bitstreams;
    session->bitstreams = made;
    machine->count(BITSTREAMS, 1);
    put64(out, 16, (uint64_t) made);
    return DONE;
}

struct bitstream *bitstream(struct session *session, uint64_t handle) {
    struct bitstream *each = session->bitstreams;
    while (each != NULL && (uint64_t) each != handle) {
        each = each->next;
    }
    return each;
}

struct resource *resource(struct session *session, uint64_t handle) {
    struct resource *each = session->resources;
    while (each != NULL && (uint64_t) each != handle) {
        each = each->next;
    }
    return each;
}

enum status nvEncDestroyBitstreamBuffer(struct session *session, uint64_t handle) {
    for (struct bitstream **each = &session->bitstreams; *each != NULL; each = &(*each)->next) {
        if ((uint64_t) *each == handle) {
            struct bitstream *gone = *each;
            *each = gone->next;
            free(gone->data);
            free(gone);
            machine->count(BITSTREAMS, -1);
            break;
        }
    }
    ENTER(1);
    return DONE;
}

enum status nvEncRegisterResource(struct session *session, void *in) {
    ENTER(1);
    VERSION(REGISTER, in);
    uint64_t bytes = u32(in, 16) * (uint64_t) (u32(in, 12) + u32(in, 12) / 2);
    if (u32(in, 4) != 1 || u32(in, 40) != NV12 || u32(in, 44) != 0 || u32(in, 16) < u32(in, 8)
            || machine->memory(u64(in, 24), bytes) == NULL) {
        machine->wrong("%s: %u x %u with a pitch of %u is not in the memory", __func__, u32(in, 8), u32(in, 12), u32(in, 16));
        return INVALID_PARAMETER;
    }
    struct resource *made = calloc(1, sizeof *made);
    *made = (struct resource) {session->resources, u64(in, 24), u32(in, 8), u32(in, 12), u32(in, 16), 0};
    session->resources = made;
    machine->use(made->address, 1);
    machine->count(RESOURCES, 1);
    put64(in, 32, (uint64_t) made);
    return DONE;
}

enum status nvEncUnregisterResource(struct session *session, uint64_t handle) {
    for (struct resource **each = &session->resources; *each != NULL; each = &(*each)->next) {
        if ((uint64_t) *each == handle) {
            struct resource *gone = *each;
            if (gone->mapped) {
                machine->wrong("%s: still mapped", __func__);
            }
            *each = gone->next;
            machine->use(gone->address, -1);
            free(gone);
            machine->count(RESOURCES, -1);
            ENTER(1);
            return DONE;
        }
    }
    return NOT_REGISTERED;
}

// The order at the end: what is left of a session is said.
enum status nvEncDestroyEncoder(struct session *session) {
    if (session == NULL || session->magic != MAGIC) {
        machine->wrong("%s: no session", __func__);
        return INVALID_ENCODER;
    }
    if (session->resources != NULL || session->bitstreams != NULL) {
        machine->wrong("%s: %s left", __func__, session->resources != NULL ? "resources" : "bitstreams");
    }
    if (machine->context() != session->context) {
        machine->wrong("%s without the session's context current", __func__);
    }
    if (session->engine_state != NULL) {
        session->engine->close(session->engine_state);
    }
    session->magic = 0;
    machine->session("sessions", -1);
    machine->count(SESSIONS, -1);
    free(session);
    return DONE;
}
