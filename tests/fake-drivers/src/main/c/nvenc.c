// SPDX-License-Identifier: Apache-2.0
// A libnvidia-encode.so.1 without a GPU: the rules of the interface, strictly, around an encoder on the CPU.
#include "nvenc.h"
#include <unistd.h>

enum status nvEncMapInputResource(struct session *session, void *in) {
    ENTER(1);
    VERSION(MAP, in);
    struct resource *found = resource(session, u64(in, 16));
    if (found == NULL || found->mapped) {
        machine->wrong("%s: %s", __func__, found == NULL ? "not registered" : "mapped twice");
        return MAP_FAILED;
    }
    found->mapped = 1;
    machine->count(MAPPINGS, 1);
    put64(in, 24, (uint64_t) found);
    put32(in, 32, NV12);
    return DONE;
}

enum status nvEncUnmapInputResource(struct session *session, uint64_t handle) {
    struct resource *found = resource(session, handle);
    if (found == NULL || !found->mapped) {
        machine->wrong("%s: not mapped", __func__);
        return NOT_MAPPED;
    }
    found->mapped = 0;
    machine->count(MAPPINGS, -1);
    ENTER(1);
    return DONE;
}

// The newest picture that has not been invalidated and is still kept; negative: none.
static long reference(struct session *session) {
    long newest = -1;
    for (int i = 0; i < REMEMBERED; i++) {
        struct picture *each = &session->past[i];
        if (each->valid && session->number - each->number <= (long) session->now.references && each->number > newest) {
            newest = each->number;
        }
    }
    return session->engine->any_reference || newest == session->number - 1 ? newest : -1;
}

// Where the headers of an IDR end and the picture begins: NAL units 7 and 8, of HEVC 32 to 34.
static size_t headers(enum codec codec, const unsigned char *data, size_t bytes) {
    for (size_t at = 0; at + 3 < bytes; at++) {
        int starts = data[at] == 0 && data[at + 1] == 0 && data[at + 2] == 1;
        int type = codec == HEVC ? data[at + 3] >> 1 & 63 : data[at + 3] & 31;
        if (starts && (codec == HEVC ? type < 32 || type > 34 : type != 7 && type != 8)) {
            return at > 0 && data[at - 1] == 0 ? at - 1 : at;
        }
    }
    return 0;
}

enum status nvEncEncodePicture(struct session *session, const void *in) {
    ENTER(1);
    VERSION(PICTURE, in);
    struct resource *input = resource(session, u64(in, 40));
    struct bitstream *output = bitstream(session, u64(in, 48));
    if (machine->number("busy", 0) > 0) {
        machine->down("busy");
        return BUSY;
    }
    if (machine->down("lost_after")) {
        return (enum status) machine->number("lost_status", 20);
    }
    if (input == NULL || !input->mapped || output == NULL || output->locked || output->filled) {
        machine->wrong("%s: %s", __func__, input == NULL || !input->mapped ? "the picture is not mapped" : "the output is in use");
        return INVALID_PARAMETER;
    }
    if (u32(in, 4) != session->now.width || u32(in, 8) != session->now.height || u32(in, 12) != input->pitch || u32(in, 64) != NV12
            || u32(in, 68) != 1 || (session->number > 0 && u64(in, 24) <= session->latest)) {
        machine->wrong("%s: size, pitch, format, structure or time stamp of a picture", __func__);
        return INVALID_PARAMETER;
    }
    if (machine->pending(input->address)) {
        machine->wrong("%s: a kernel still writes the picture", __func__);
    }
    // pictureType (72) is not looked at: enablePTD is on.
    int forced = session->first || session->force || (u32(in, 16) & 2) != 0 || session->since_idr >= (long) session->now.gop;
    long from = forced ? -1 : reference(session);
    const unsigned char *picture = machine->memory(input->address, input->pitch * (uint64_t) (input->height * 3 / 2));
    output->bytes = session->engine->encode(
        session->engine_state, picture, input->pitch, session->number, from, output->data, output->room);
    if (output->bytes == 0) {
        return DEVICE_GONE;
    }
    if (from < 0) {
        size_t skipped = session->first || session->now.repeat_headers || session->now.codec == AV1 ? 0 : headers(session->now.codec, output->data, output->bytes);
        memmove(output->data, output->data + skipped, output->bytes - skipped);
        output->bytes -= skipped;
        memset(session->past, 0, sizeof session->past);
        session->since_idr = 0;
    }
    session->past[session->number % REMEMBERED] = (struct picture) {u64(in, 24), session->number, 1};
    session->since_idr++;
    session->number++;
    session->first = session->force = 0;
    session->latest = output->timestamp = u64(in, 24);
    output->idr = from < 0;
    output->filled = 1;
    return DONE;
}

enum status nvEncLockBitstream(struct session *session, void *in) {
    ENTER(1);
    VERSION(LOCK, in);
    struct bitstream *output = bitstream(session, u64(in, 8));
    if (output == NULL || !output->filled || output->locked) {
        machine->wrong("%s: nothing was encoded into it, or it is locked", __func__);
        return INVALID_PARAMETER;
    }
    if (machine->number("lock_busy", 0) > 0) {
        machine->down("lock_busy");
        return LOCK_BUSY;
    }
    if (machine->down("hang_after")) {
        for (;;) {
            pause();
        }
    }
    output->locked = 1;
    put32(in, 36, machine->down("garbage_after") ? (uint32_t) machine->number("garbage", -1) : (uint32_t) output->bytes);
    put64(in, 40, output->timestamp);
    put64(in, 56, (uint64_t) output->data);
    put32(in, 64, output->idr ? IDR : P);
    return DONE;
}

enum status nvEncUnlockBitstream(struct session *session, uint64_t handle) {
    struct bitstream *output = bitstream(session, handle);
    if (output == NULL || !output->locked) {
        machine->wrong("%s: not locked", __func__);
        return INVALID_PARAMETER;
    }
    output->locked = output->filled = 0;
    ENTER(1);
    return DONE;
}

enum status nvEncInvalidateRefFrames(struct session *session, uint64_t timestamp) {
    ENTER(1);
    if (!capability(28)) {
        return UNSUPPORTED;
    }
    uint64_t kept = (uint64_t) machine->number("kept", 0);
    if (kept > 0 && timestamp + kept <= session->latest) {
        return INVALID_PARAMETER; // a driver that keeps fewer than it was asked to
    }
    for (int i = 0; i < REMEMBERED; i++) {
        if (session->past[i].timestamp == timestamp && session->past[i].number + (long) session->now.references >= session->number) {
            session->past[i].valid = 0;
            return DONE;
        }
    }
    machine->wrong("%s: no reference has the time stamp %llu", __func__, (unsigned long long) timestamp);
    return INVALID_PARAMETER;
}

static enum status unimplemented(void) {
    machine->wrong("a function is called that the fake driver does not have");
    return UNIMPLEMENTED;
}

__attribute__((visibility("default"))) enum status NvEncodeAPIGetMaxSupportedVersion(uint32_t *version) {
    long api = machine->number("api", 1301);
    *version = (uint32_t) (api / 100 << 4 | api % 100);
    return DONE;
}

__attribute__((visibility("default"))) enum status NvEncodeAPICreateInstance(void *list) {
    int api = api_of(u32(list, 0) & 0x0f00ffff);
    if (api < 0 || !served(api) || !right(api, LIST, list, __func__)) {
        return INVALID_VERSION;
    }
    for (size_t offset = 16; offset <= 344; offset += 8) {
        put64(list, offset, (uint64_t) &unimplemented);
    }
    static const struct { size_t offset; void *function; } CALLS[] = {
        {16, &nvEncGetEncodeGUIDCount}, {40, &nvEncGetEncodeGUIDs}, {64, &nvEncGetEncodeCaps}, {96, &nvEncInitializeEncoder},
        {120, &nvEncCreateBitstreamBuffer}, {128, &nvEncDestroyBitstreamBuffer}, {136, &nvEncEncodePicture},
        {144, &nvEncLockBitstream}, {152, &nvEncUnlockBitstream}, {208, &nvEncMapInputResource}, {216, &nvEncUnmapInputResource},
        {224, &nvEncDestroyEncoder}, {232, &nvEncInvalidateRefFrames}, {240, &nvEncOpenEncodeSessionEx},
        {248, &nvEncRegisterResource}, {256, &nvEncUnregisterResource}, {264, &nvEncReconfigureEncoder},
        {320, &nvEncGetEncodePresetConfigEx}};
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++) {
        put64(list, CALLS[i].offset, (uint64_t) CALLS[i].function);
    }
    if (machine->number("null", 0) != 0) {
        put64(list, (size_t) machine->number("null", 0), 0);
    }
    return DONE;
}
