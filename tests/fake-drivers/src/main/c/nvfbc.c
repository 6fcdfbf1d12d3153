// SPDX-License-Identifier: Apache-2.0
// A libnvidia-fbc.so.1 without a GPU: the rules of the interface, strictly, around the pixels of an X server.
#include "nvfbc.h"
#include <stdio.h>
#include <stdlib.h>

enum { OUTPUTS = 5, OUTPUT_BYTES = 148 };

static int clients;

enum status enter(struct handle *handle, const void *structure, uint32_t word, const char *call) {
    if (handle == NULL || handle->magic != MAGIC) {
        machine->wrong("%s: no handle", call);
        return HANDLE;
    }
    if (structure == NULL) {
        machine->wrong("%s: no structure", call);
        return POINTER;
    }
    if (u32(structure, 0) != word) {
        machine->wrong("%s: version word %08x is not %08x", call, u32(structure, 0), word);
        return API_VERSION;
    }
    if (!handle->bound || !pthread_equal(handle->thread, pthread_self())) {
        machine->wrong("%s: the context is not bound to this thread", call);
        return CONTEXT;
    }
    return DONE;
}

static const char *nvFBCGetLastErrorStr(struct handle *handle) {
    return handle == NULL || handle->magic != MAGIC ? "no handle" : "the fake driver says no more";
}

static enum status nvFBCCreateHandle(struct handle **out, const void *in) {
    if (out == NULL || in == NULL) {
        return POINTER;
    }
    if (u32(in, 0) != 0x07020028) {
        machine->wrong("%s: version word %08x", __func__, u32(in, 0));
        return API_VERSION;
    }
    if (__atomic_add_fetch(&clients, 1, __ATOMIC_SEQ_CST) > machine->number("clients", 10)) {
        __atomic_sub_fetch(&clients, 1, __ATOMIC_SEQ_CST);
        return MAX_CLIENTS;
    }
    struct handle *made = calloc(1, sizeof *made);
    if (!screen_open(&made->screen)) {
        __atomic_sub_fetch(&clients, 1, __ATOMIC_SEQ_CST);
        free(made);
        return X_GONE;
    }
    made->magic = MAGIC;
    made->thread = pthread_self();
    made->bound = 1;
    machine->count(HANDLES, 1);
    *out = made;
    return DONE;
}

static enum status nvFBCDestroyHandle(struct handle *handle, const void *in) {
    ENTER(in, 0x07010004);
    if (handle->capturing) {
        machine->wrong("%s: a capture session is left", __func__);
    }
    screen_close(&handle->screen);
    handle->magic = 0;
    machine->count(HANDLES, -1);
    __atomic_sub_fetch(&clients, 1, __ATOMIC_SEQ_CST);
    free(handle);
    return DONE;
}

static enum status nvFBCBindContext(struct handle *handle, const void *in) {
    if (handle == NULL || handle->magic != MAGIC || in == NULL || u32(in, 0) != 0x07010004) {
        return handle == NULL || handle->magic != MAGIC ? HANDLE : API_VERSION;
    }
    if (handle->bound) {
        machine->wrong("%s: bound already", __func__);
        return CONTEXT;
    }
    handle->bound = 1;
    handle->thread = pthread_self();
    return DONE;
}

static enum status nvFBCReleaseContext(struct handle *handle, const void *in) {
    ENTER(in, 0x07010004);
    handle->bound = 0;
    return DONE;
}

// One output is the whole screen, two are its halves side by side. How many there are is the number "outputs".
static int outputs(void) {
    return (int) machine->number("outputs", 1);
}

static struct box output(const struct screen *screen, int index) {
    int width = screen->width / outputs();
    return (struct box) {index * width, 0, width, screen->height};
}

static enum status nvFBCGetStatus(struct handle *handle, void *in) {
    ENTER(in, 0x0702030c);
    screen_look(&handle->screen);
    if (handle->screen.gone) {
        return X_GONE;
    }
    int modeset = machine->number("modeset", 0) > 0;
    if (modeset) {
        machine->down("modeset");
    }
    int busy = machine->number("fbc_busy", 0) > 0;
    if (busy) {
        machine->down("fbc_busy");
    }
    put32(in, 4, machine->number("fbc_impossible", 0) == 0);
    put32(in, 8, (uint32_t) handle->capturing);
    put32(in, 12, !busy && !modeset);
    put32(in, 16, (uint32_t) handle->screen.width);
    put32(in, 20, (uint32_t) handle->screen.height);
    put32(in, 24, outputs() > 0);
    for (int i = 0; i < outputs() && i < OUTPUTS; i++) {
        size_t at = 28 + (size_t) i * OUTPUT_BYTES;
        struct box box = output(&handle->screen, i);
        // Identifiers and places in the list move: only the name tells which it is.
        put32(in, at, (uint32_t) (machine->number("moved", 0) + 70 + i));
        snprintf((char *) in + at + 4, 128, "FAKE-%d", i);
        put32(in, at + 132, (uint32_t) box.x);
        put32(in, at + 136, (uint32_t) box.y);
        put32(in, at + 140, (uint32_t) box.width);
        put32(in, at + 144, (uint32_t) box.height);
    }
    put32(in, 768, (uint32_t) outputs());
    put32(in, 772, 0x107);
    put32(in, 776, (uint32_t) modeset);
    return DONE;
}

static enum status nvFBCCreateCaptureSession(struct handle *handle, const void *in) {
    ENTER(in, 0x07060040);
    if (handle->capturing) {
        machine->wrong("%s: a session runs", __func__);
        return BAD_REQUEST;
    }
    if (machine->number("modeset", 0) > 0 || machine->number("fbc_busy", 0) > 0) {
        machine->wrong("%s: while the driver says that none can be made", __func__);
        return BAD_REQUEST;
    }
    if (machine->number("fbc_impossible", 0) != 0 || u32(in, 4) != TO_SYSTEM) {
        return UNSUPPORTED;
    }
    if (u32(in, 60) != 0 && (u32(in, 56) == 0 || u32(in, 40) != 0)) {
        machine->wrong("%s: direct capture takes the push model and no cursor", __func__);
        return PARAMETER;
    }
    struct box part = {0, 0, handle->screen.width, handle->screen.height};
    if (u32(in, 8) == OUTPUT) {
        int index = (int) (u32(in, 12) - 70 - (uint32_t) machine->number("moved", 0));
        if (index < 0 || index >= outputs()) {
            machine->wrong("%s: no output has the identifier %u", __func__, u32(in, 12));
            return PARAMETER;
        }
        part = output(&handle->screen, index);
    }
    if (!machine->session("captures", 1)) {
        return MAX_CLIENTS;
    }
    handle->part = part;
    handle->direct = u32(in, 60) != 0;
    handle->recover = u32(in, 44) == 0;
    handle->push = u32(in, 56) != 0;
    handle->capturing = 1;
    handle->set_up = handle->recreate = handle->screen.resized = 0;
    handle->screen.damaged = 1;
    handle->frame = 0;
    machine->count(CAPTURES, 1);
    return DONE;
}

static enum status nvFBCDestroyCaptureSession(struct handle *handle, const void *in) {
    ENTER(in, 0x07010004);
    if (!handle->capturing) {
        machine->wrong("%s: no session runs", __func__);
        return BAD_REQUEST;
    }
    free_buffers(handle);
    handle->capturing = 0;
    machine->session("captures", -1);
    machine->count(CAPTURES, -1);
    return DONE;
}

static enum status absent(void) {
    machine->wrong("a function is called that the fake driver does not have");
    return UNSUPPORTED;
}

__attribute__((visibility("default"))) enum status NvFBCCreateInstance(void *list) {
    if (list == NULL) {
        return POINTER;
    }
    if (u32(list, 0) != (uint32_t) machine->number("fbc_api", 0x107)) {
        return API_VERSION;
    }
    static const struct { size_t offset; void *function; } CALLS[] = {
        {8, &nvFBCGetLastErrorStr}, {16, &nvFBCCreateHandle}, {24, &nvFBCDestroyHandle}, {32, &nvFBCGetStatus},
        {40, &nvFBCCreateCaptureSession}, {48, &nvFBCDestroyCaptureSession}, {56, &nvFBCToSysSetUp}, {64, &nvFBCToSysGrabFrame},
        {72, &absent}, {80, &absent}, {112, &nvFBCBindContext}, {120, &nvFBCReleaseContext}, {160, &absent}, {168, &absent}};
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++) {
        put64(list, CALLS[i].offset, (uint64_t) CALLS[i].function);
    }
    if (machine->number("fbc_null", 0) != 0) {
        put64(list, (size_t) machine->number("fbc_null", 0), 0);
    }
    return DONE;
}
