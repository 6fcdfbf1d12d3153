// SPDX-License-Identifier: Apache-2.0
// A libnvidia-ml.so.1 without a GPU: names, memory and sessions of the GPUs of the fake libcuda.so.1 beside it.
#define _GNU_SOURCE
#include "nvml.h"
#include <stdio.h>
#include <string.h>

enum { MIB = 1 << 20, LOAD = 7, RATE = 60, LATENCY = 1000 };

static int initialised;

int gpu(const void *device) {
    return (int) (intptr_t) device - 1;
}

int known(const void *device) {
    return initialised && gpu(device) >= 0 && gpu(device) < machine->number("gpus", 1);
}

static enum status text(char *out, unsigned room, const char *what) {
    if (strlen(what) >= room) {
        return INSUFFICIENT_SIZE;
    }
    strcpy(out, what);
    return DONE;
}

API nvmlInit_v2(void) {
    initialised = 1;
    return DONE;
}

API nvmlSystemGetDriverVersion(char *version, unsigned room) {
    return initialised ? text(version, room, "000.00.fake") : UNINITIALIZED;
}

API nvmlDeviceGetCount_v2(unsigned *count) {
    *count = (unsigned) machine->number("gpus", 1);
    return initialised ? DONE : UNINITIALIZED;
}

API nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
    *device = (void *) (intptr_t) (index + 1);
    return known(*device) ? DONE : INVALID_ARGUMENT;
}

API nvmlDeviceGetName(const void *device, char *name, unsigned room) {
    char made[40];
    snprintf(made, sizeof made, "fake GPU %d", gpu(device));
    return known(device) ? text(name, room, made) : INVALID_ARGUMENT;
}

API nvmlDeviceGetUUID(const void *device, char *uuid, unsigned room) {
    unsigned b = 0xf0 + (unsigned) gpu(device);
    char made[80];
    snprintf(made, sizeof made, "GPU-%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
        b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b);
    return known(device) ? text(uuid, room, made) : INVALID_ARGUMENT;
}

API nvmlDeviceGetUtilizationRates(const void *device, unsigned *rates) {
    rates[0] = LOAD;
    rates[1] = 1;
    return known(device) ? DONE : INVALID_ARGUMENT;
}

API nvmlDeviceGetMemoryInfo(const void *device, unsigned long long *memory) {
    memory[0] = (unsigned long long) machine->number("memory", 8192) * MIB;
    memory[1] = memory[0];
    memory[2] = 0;
    return known(device) ? DONE : INVALID_ARGUMENT;
}

API nvmlDeviceGetEncoderStats(const void *device, unsigned *sessions, unsigned *rate, unsigned *latency) {
    *sessions = (unsigned) machine->number("told_sessions", 2);
    *rate = RATE;
    *latency = LATENCY;
    return known(device) ? DONE : INVALID_ARGUMENT;
}

API nvmlDeviceGetFBCStats(const void *device, unsigned *stats) {
    stats[0] = (unsigned) machine->number("told_captures", 1);
    stats[1] = RATE;
    stats[2] = LATENCY;
    return known(device) ? DONE : INVALID_ARGUMENT;
}
