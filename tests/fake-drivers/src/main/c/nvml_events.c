// SPDX-License-Identifier: Apache-2.0
// The fake NVML's events: faults (Xid) of GPUs, for who has registered for them before they happen.
#define _GNU_SOURCE
#include "nvml.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAGIC = 0x4e455653, XID = 8, GPUS = 2, STEP_US = 2000, FELL_OFF_THE_BUS = 79 };

// What a wait tells: 32 bytes.
struct event { void *device; unsigned long long type, data; unsigned gpu_instance, compute_instance; };

struct set { int magic, waiting, registered[GPUS]; };

static int valid(const struct set *set, const char *call) {
    if (set == NULL || set->magic != MAGIC) {
        machine->wrong("%s: no set of events", call);
        return 0;
    }
    return 1;
}

static long raised(int gpu) {
    char key[40];
    snprintf(key, sizeof key, "xid.%d", gpu);
    return machine->take(key);
}

API nvmlEventSetCreate(struct set **out) {
    if (out == NULL || !known((void *) 1)) {
        return out == NULL ? INVALID_ARGUMENT : UNINITIALIZED;
    }
    *out = calloc(1, sizeof **out);
    (*out)->magic = MAGIC;
    machine->count(EVENTS, 1);
    return DONE;
}

API nvmlDeviceGetSupportedEventTypes(const void *device, unsigned long long *types) {
    *types = machine->number("no_xid", 0) != 0 ? 1 : 1 | XID;
    return known(device) ? DONE : INVALID_ARGUMENT;
}

// What happened before is not recorded.
API nvmlDeviceRegisterEvents(const void *device, unsigned long long types, struct set *set) {
    if (!known(device) || !valid(set, __func__)) {
        return INVALID_ARGUMENT;
    }
    if (machine->number("no_events", 0) != 0) {
        return (enum status) machine->number("no_events", 0);
    }
    if ((types & ~(1ull | XID)) != 0 || machine->number("no_xid", 0) != 0) {
        return NOT_SUPPORTED;
    }
    raised(gpu(device));
    set->registered[gpu(device)] = 1;
    return DONE;
}

static int told(struct set *set, struct event *event) {
    for (int i = 0; i < GPUS; i++) {
        long xid = set->registered[i] ? raised(i) : 0;
        if (xid == 0 && i == 0 && set->registered[i] && machine->down("xid_after")) {
            xid = FELL_OFF_THE_BUS;
        }
        if (xid != 0) {
            *event = (struct event) {(void *) (intptr_t) (i + 1), XID, (unsigned long long) xid, ~0u, ~0u};
            return 1;
        }
    }
    return 0;
}

API nvmlEventSetWait_v2(struct set *set, struct event *event, unsigned milliseconds) {
    if (!valid(set, __func__) || event == NULL) {
        return INVALID_ARGUMENT;
    }
    if (machine->number("wait_status", 0) != 0) {
        return (enum status) machine->number("wait_status", 0);
    }
    if (__atomic_exchange_n(&set->waiting, 1, __ATOMIC_SEQ_CST)) {
        machine->wrong("%s: two threads wait for one set", __func__);
    }
    enum status status = TIMEOUT;
    for (long left = milliseconds * 1000L; left >= 0; left -= STEP_US) {
        if (told(set, event)) {
            status = DONE;
            break;
        }
        usleep(STEP_US);
    }
    __atomic_store_n(&set->waiting, 0, __ATOMIC_SEQ_CST);
    return status;
}

API nvmlEventSetFree(struct set *set) {
    if (!valid(set, __func__)) {
        return INVALID_ARGUMENT;
    }
    if (__atomic_load_n(&set->waiting, __ATOMIC_SEQ_CST)) {
        machine->wrong("%s: a thread waits for it", __func__);
    }
    set->magic = 0;
    machine->count(EVENTS, -1);
    free(set);
    return DONE;
}
