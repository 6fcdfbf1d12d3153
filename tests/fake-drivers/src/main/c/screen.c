// SPDX-License-Identifier: Apache-2.0
// The X server's screen for the fake NvFBC: the real pixels of its root window. Xlib is opened here, so that it takes no headers
// of it to build this.
#define _GNU_SOURCE
#include "nvfbc.h"
#include <dlfcn.h>
#include <poll.h>
#include <stdlib.h>

enum { Z_PIXMAP = 2, NON_EMPTY = 3, CONFIGURE_NOTIFY = 22, STRUCTURE_NOTIFY_MASK = 1 << 17 };

static struct {
    void *(*XOpenDisplay)(const char *);
    int (*XCloseDisplay)(void *);
    int (*XInitThreads)(void);
    int (*XDefaultScreen)(void *);
    unsigned long (*XDefaultRootWindow)(void *);
    int (*XDisplayWidth)(void *, int);
    int (*XDisplayHeight)(void *, int);
    int (*XConnectionNumber)(void *);
    int (*XSelectInput)(void *, unsigned long, long);
    int (*XPending)(void *);
    int (*XNextEvent)(void *, void *);
    int (*XSync)(void *, int);
    void *(*XGetImage)(void *, unsigned long, int, int, unsigned, unsigned, unsigned long, int);
    int (*XDestroyImage)(void *);
    void *(*XSetErrorHandler)(void *);
    void (*XSetIOErrorExitHandler)(void *, void *, void *);
    void (*XUnlockDisplay)(void *);
    int (*XDamageQueryExtension)(void *, int *, int *);
    unsigned long (*XDamageCreate)(void *, unsigned long, int);
    void (*XDamageSubtract)(void *, unsigned long, unsigned long, unsigned long);
} x;

#define FIND(library, name) (x.name = dlsym(library, #name)) != NULL

static int load(void) {
    void *xlib = dlopen("libX11.so.6", RTLD_NOW), *damage = dlopen("libXdamage.so.1", RTLD_NOW);
    return xlib != NULL && damage != NULL && FIND(xlib, XOpenDisplay) && FIND(xlib, XCloseDisplay) && FIND(xlib, XInitThreads)
        && FIND(xlib, XDefaultScreen) && FIND(xlib, XDefaultRootWindow) && FIND(xlib, XDisplayWidth) && FIND(xlib, XDisplayHeight)
        && FIND(xlib, XConnectionNumber) && FIND(xlib, XSelectInput) && FIND(xlib, XPending) && FIND(xlib, XNextEvent)
        && FIND(xlib, XSync) && FIND(xlib, XGetImage) && FIND(xlib, XDestroyImage) && FIND(xlib, XSetErrorHandler)
        && FIND(xlib, XSetIOErrorExitHandler) && FIND(xlib, XUnlockDisplay) && FIND(damage, XDamageQueryExtension)
        && FIND(damage, XDamageCreate) && FIND(damage, XDamageSubtract);
}

// A window that changes its size while it is read is an error to Xlib, and that would end the process.
static int harmless(void *display, void *error) {
    (void) display;
    (void) error;
    return 0;
}

int screen_open(struct screen *screen) {
    int errors;
    if (!load()) {
        return 0;
    }
    x.XInitThreads();
    memset(screen, 0, sizeof *screen);
    screen->display = x.XOpenDisplay(NULL);
    if (screen->display == NULL) {
        return 0;
    }
    x.XSetErrorHandler((void *) &harmless);
    x.XSetIOErrorExitHandler(screen->display, (void *) x.XUnlockDisplay, NULL);
    int number = x.XDefaultScreen(screen->display);
    screen->root = x.XDefaultRootWindow(screen->display);
    screen->width = x.XDisplayWidth(screen->display, number);
    screen->height = x.XDisplayHeight(screen->display, number);
    screen->descriptor = x.XConnectionNumber(screen->display);
    if (!x.XDamageQueryExtension(screen->display, &screen->damage_event, &errors)) {
        screen_close(screen);
        return 0;
    }
    x.XSelectInput(screen->display, screen->root, STRUCTURE_NOTIFY_MASK);
    screen->damage = x.XDamageCreate(screen->display, screen->root, NON_EMPTY);
    x.XSync(screen->display, 0);
    return 1;
}

void screen_close(struct screen *screen) {
    if (screen->display != NULL) {
        x.XCloseDisplay(screen->display);
        screen->display = NULL;
    }
}

void screen_wait(struct screen *screen, int milliseconds) {
    struct pollfd server = {screen->descriptor, POLLIN, 0};
    poll(&server, 1, milliseconds);
    screen->gone |= (server.revents & (POLLERR | POLLHUP)) != 0;
}

void screen_look(struct screen *screen) {
    screen_wait(screen, 0);
    while (!screen->gone && x.XPending(screen->display) > 0) {
        union { int type; char bytes[192]; } event;
        x.XNextEvent(screen->display, &event);
        if (event.type == screen->damage_event) {
            screen->damaged = 1;
        } else if (event.type == CONFIGURE_NOTIFY && u64(&event, 40) == screen->root) {
            int width = (int) u32(&event, 56), height = (int) u32(&event, 60);
            screen->resized |= width != screen->width || height != screen->height;
            screen->width = width;
            screen->height = height;
        }
    }
}

int screen_read(struct screen *screen, struct box part, unsigned char *pixels) {
    x.XDamageSubtract(screen->display, screen->damage, 0, 0);
    screen->damaged = 0;
    char *image = x.XGetImage(screen->display, screen->root, part.x, part.y, (unsigned) part.width, (unsigned) part.height, -1ul, Z_PIXMAP);
    if (image == NULL) {
        return 0;
    }
    // XImage: data, bytes_per_line, bits_per_pixel
    const char *data = (const char *) u64(image, 16);
    size_t line = u32(image, 44), width = (size_t) part.width * 4;
    int right = u32(image, 48) == 32;
    for (int row = 0; right && row < part.height; row++) {
        memcpy(pixels + (size_t) row * width, data + (size_t) row * line, width);
    }
    x.XDestroyImage(image);
    return right;
}
