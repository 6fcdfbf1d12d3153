// SPDX-License-Identifier: Apache-2.0
// Version words, capabilities and the reading of a program's parameters, for the API versions 11.1 to 13.1.
#include "nvenc.h"

enum { APIS = 6 };

static const uint32_t VERSIONS[APIS] = {0x0100000b, 0x0000000c, 0x0100000c, 0x0200000c, 0x0000000d, 0x0100000d};

static const struct { const char *name; uint8_t revision[APIS]; uint8_t flag[APIS]; } WORDS[BLOCKS] = {
    [LIST] = {"FUNCTION_LIST", {2, 2, 2, 2, 2, 2}, {0}},
    [OPEN] = {"OPEN_ENCODE_SESSION_EX_PARAMS", {1, 1, 1, 1, 1, 1}, {0}},
    [CAPS] = {"CAPS_PARAM", {1, 1, 1, 1, 1, 1}, {0}},
    [PRESET] = {"PRESET_CONFIG", {4, 4, 4, 5, 5, 5}, {1, 1, 1, 1, 1, 1}},
    [INITIALIZE] = {"INITIALIZE_PARAMS", {5, 5, 6, 7, 7, 7}, {1, 1, 1, 1, 1, 1}},
    [RECONFIGURE] = {"RECONFIGURE_PARAMS", {1, 1, 1, 2, 2, 2}, {1, 1, 1, 1, 1, 1}},
    [CONFIG] = {"CONFIG", {7, 8, 8, 9, 9, 9}, {1, 1, 1, 1, 1, 1}},
    [RATE] = {"RC_PARAMS", {1, 1, 1, 1, 1, 1}, {0}},
    [PICTURE] = {"PIC_PARAMS", {4, 6, 6, 7, 7, 7}, {1, 1, 1, 1, 1, 1}},
    [BUFFER] = {"CREATE_BITSTREAM_BUFFER", {1, 1, 1, 1, 1, 1}, {0}},
    [REGISTER] = {"REGISTER_RESOURCE", {3, 4, 4, 5, 5, 5}, {0}},
    [MAP] = {"MAP_INPUT_RESOURCE", {4, 4, 4, 4, 4, 4}, {0}},
    [LOCK] = {"LOCK_BITSTREAM", {1, 2, 1, 2, 2, 2}, {0, 0, 1, 1, 1, 1}},
};

const uint8_t CODEC_GUIDS[CODECS][16] = {
    {0x62, 0x27, 0xc8, 0x6b, 0x63, 0x4e, 0xa4, 0x4c, 0xaa, 0x85, 0x1e, 0x50, 0xf3, 0x21, 0xf6, 0xbf},
    {0x88, 0xdc, 0x0c, 0x79, 0x22, 0x45, 0x7b, 0x4d, 0x94, 0x25, 0xbd, 0xa9, 0x97, 0x5f, 0x76, 0x03},
    {0x89, 0x22, 0x35, 0x0a, 0xa7, 0x0a, 0x59, 0x47, 0x86, 0x2d, 0x5d, 0x15, 0xcd, 0x16, 0xd2, 0x54}};

// The first word of P1 to P7: enough to tell them from anything else.
static const uint32_t PRESETS[7] = {0xfc0a8d3e, 0xf581cfb8, 0x36850110, 0x90a7b826, 0x21c6e6b4, 0x8e75c279, 0x84848c12};
static const uint32_t PROFILES[CODECS][4] = {
    {0xbfd6f8e7, 0x60b5c1d4, 0xe7cbc309, 0x0727bcaa}, {0xbfd6f8e7, 0xb514c39a}, {0xbfd6f8e7, 0x5f2a39f5}};

int api_of(uint32_t version) {
    for (int i = 0; i < APIS; i++) {
        if (VERSIONS[i] == version) {
            return i;
        }
    }
    return -1;
}

int served(int api) {
    return (long) ((VERSIONS[api] & 255) * 100 + (VERSIONS[api] >> 24)) <= machine->number("api", 1301);
}

uint32_t word(int api, enum block block) {
    return VERSIONS[api] | (uint32_t) WORDS[block].revision[api] << 16 | 7u << 28 | (uint32_t) WORDS[block].flag[api] << 31;
}

int right(int api, enum block block, const void *structure, const char *call) {
    if (u32(structure, 0) == word(api, block)) {
        return 1;
    }
    machine->wrong("%s: %s has the version word %08x, not %08x", call, WORDS[block].name, u32(structure, 0), word(api, block));
    return 0;
}

int codec_of(const void *guid) {
    for (int i = 0; i < CODECS; i++) {
        if (memcmp(guid, CODEC_GUIDS[i], 16) == 0) {
            return i;
        }
    }
    return -1;
}

int offers(int codec) {
    return codec == H264 || (codec > H264 && codec < machine->number("codecs", CODECS));
}

int capability(int index) {
    switch (index) {
        case 16: return (int) machine->number("width", 4096);
        case 17: return (int) machine->number("height", 4096);
        case 45: return (int) machine->number("least", 145);
        case 46: return (int) machine->number("least", 49);
        case 28: return (int) machine->number("invalidates", 1);
        case 20: return (int) machine->number("retargets", 1);
        case 26: return (int) machine->number("buffers", 1);
        case 47: return (int) machine->number("references", 1);
        case 40: return 8;
        case 42: return 100;
        default: return 0;
    }
}

static int one_of(uint32_t value, const uint32_t *all, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (all[i] == value) {
            return 1;
        }
    }
    return 0;
}

// Far from what a stream of least delay needs: who forgets to write a field is found out.
enum status preset(int api, struct guid codec, struct guid which, uint32_t tuning, void *out) {
    char *config = (char *) out + 8;
    int known = codec_of(&codec);
    if (!right(api, PRESET, out, "nvEncGetEncodePresetConfigEx") || !right(api, CONFIG, config, "nvEncGetEncodePresetConfigEx")) {
        return INVALID_VERSION;
    }
    if (known < 0 || !offers(known) || !one_of(which.a, PRESETS, 7) || tuning < 1 || tuning > 5) {
        return UNSUPPORTED;
    }
    memcpy(config + 4, "\xe7\xf8\xd6\xbf\x3c\x23\x41\x43\x8b\x3e\x48\x18\x52\x38\x03\xf4", 16);
    put32(config, 20, 60);
    put32(config, 24, 1);
    put32(config, 40, word(api, RATE));
    put32(config, 44, 1);
    put32(config, 60, 8000000);
    put32(config, 68, 8000000);
    put32(config, 72, 8000000);
    if (known == AV1) {
        put32(config, 168, 24);
    }
    return DONE;
}

static enum status read_codec(const char *config, struct parameters *out) {
    const char *own = config + 168;
    uint32_t flags = u32(own, out->codec == H264 ? 0 : 16);
    static const int REPEAT[CODECS] = {12, 7, 5}, REFERENCES[CODECS] = {60, 32, 32}, CHROMA[CODECS] = {0, 9, 7};
    out->repeat_headers = flags >> REPEAT[out->codec] & 1;
    out->references = u32(own, (size_t) REFERENCES[out->codec]);
    uint32_t chroma = out->codec == H264 ? u32(own, 192) : flags >> CHROMA[out->codec] & 3;
    if (out->codec == AV1 && (flags & 1) != 0) {
        machine->wrong("AV1 as Annex B");
    }
    if (out->codec == AV1 && u32(own, 0) != 24) {
        machine->wrong("AV1 of level %u: 24 chooses one", u32(own, 0));
    }
    if (out->codec == H264 && (u32(own, 72 + 8) != 1 || u32(own, 72 + 16) != 0 || u32(own, 72 + 20) != 1 || u32(own, 72 + 24) != 1
            || u32(own, 72 + 28) != 1 || u32(own, 72 + 32) != 1)) {
        machine->wrong("colours that are not said to be BT.709, limited range");
    }
    if (out->references > 1 && !capability(47)) {
        machine->wrong("%u references where there is one", out->references);
    }
    if (out->vbv != 0 && !capability(26)) {
        machine->wrong("a VBV of %u where the driver has its own", out->vbv);
    }
    return chroma != 1 || out->references > 16 ? INVALID_PARAMETER : DONE;
}

enum status read_parameters(int api, const void *initialize, struct parameters *out) {
    const char *call = "nvEncInitializeEncoder or nvEncReconfigureEncoder", *in = initialize;
    if (!right(api, INITIALIZE, in, call)) {
        return INVALID_VERSION;
    }
    const char *config = (const char *) u64(in, 88);
    if (config == NULL) {
        return INVALID_POINTER;
    }
    if (!right(api, CONFIG, config, call) || !right(api, RATE, config + 40, call)) {
        return INVALID_VERSION;
    }
    int codec = codec_of(in + 4);
    if (codec < 0 || !offers(codec) || (codec == AV1 && api == 0)) {
        return UNSUPPORTED;
    }
    out->codec = (enum codec) codec;
    out->width = u32(in, 36);
    out->height = u32(in, 40);
    out->rate = u32(in, 56) == 0 ? 0 : u32(in, 52) / u32(in, 56);
    out->gop = u32(config, 20);
    out->bits = u32(config, 60);
    out->vbv = u32(config, 68);
    if ((int) out->width > capability(16) || (int) out->height > capability(17) || (int) out->width < capability(45)
            || (int) out->height < capability(46)) {
        return INVALID_PARAMETER;
    }
    int taken = one_of(u32(in, 20), PRESETS, 7) && u32(in, 136) >= 1 && u32(in, 136) <= 5 && u32(in, 60) == 0
        && u32(in, 64) == 1 && out->rate > 0 && out->width % 2 == 0 && out->height % 2 == 0
        && u32(in, 96) >= out->width && u32(in, 100) >= out->height && one_of(u32(config, 4), PROFILES[codec], 4)
        && out->bits > 0 && u32(config, 44) == 2 && u32(in, 68) == 0;
    if (!taken) {
        return INVALID_PARAMETER;
    }
    if (u32(config, 24) != 1) {
        machine->wrong("pictures are reordered: frameIntervalP is %u", u32(config, 24));
    }
    return read_codec(config, out);
}

int effective(const struct parameters *now) {
    uint64_t through = (uint64_t) now->vbv * now->rate;
    return (int) (through > 0 ? through : now->bits);
}

void to_i420(const unsigned char *picture, size_t pitch, uint32_t width, uint32_t height, unsigned char *planes) {
    unsigned char *blue = planes + (size_t) width * height, *red = blue + (size_t) width * height / 4;
    for (uint32_t y = 0; y < height; y++) {
        memcpy(planes + (size_t) y * width, picture + y * pitch, width);
    }
    for (uint32_t y = 0; y < height / 2; y++) {
        const unsigned char *row = picture + (height + y) * pitch;
        for (uint32_t x = 0; x < width / 2; x++) {
            blue[(size_t) y * width / 2 + x] = row[2 * x];
            red[(size_t) y * width / 2 + x] = row[2 * x + 1];
        }
    }
}
