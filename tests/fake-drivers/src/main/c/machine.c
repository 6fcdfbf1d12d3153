// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "machine.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { KEYS = 64, KEY = 40, PROCESSES = 64 };

static const char *const NAMES[KINDS] = {
    "contexts", "streams", "modules", "memory", "sessions", "resources", "mappings", "bitstreams", "handles", "captures", "events"};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct { char key[KEY]; long value; } set[KEYS];
static int left[KINDS];
static char folder[4000];

// Told by a test of the same process, at any time.
__attribute__((visibility("default"))) void fake_set(const char *key, long value) {
    pthread_mutex_lock(&lock);
    for (int i = 0; i < KEYS; i++) {
        if (set[i].key[0] == 0 || strcmp(set[i].key, key) == 0) {
            snprintf(set[i].key, KEY, "%s", key);
            set[i].value = value;
            break;
        }
    }
    pthread_mutex_unlock(&lock);
}

static long *find(const char *key) {
    for (int i = 0; i < KEYS && set[i].key[0] != 0; i++) {
        if (strcmp(set[i].key, key) == 0) {
            return &set[i].value;
        }
    }
    return NULL;
}

long fake_number(const char *key, long otherwise) {
    pthread_mutex_lock(&lock);
    long *value = find(key);
    long result = value == NULL ? otherwise : *value;
    pthread_mutex_unlock(&lock);
    return result;
}

int fake_down(const char *key) {
    pthread_mutex_lock(&lock);
    long *value = find(key);
    int reached = value != NULL && *value > 0 && --*value == 0;
    pthread_mutex_unlock(&lock);
    return reached;
}

long fake_take(const char *key) {
    pthread_mutex_lock(&lock);
    long *value = find(key);
    long result = value == NULL ? 0 : *value;
    if (value != NULL) {
        *value = 0;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

static void line(const char *text) {
    char path[4096];
    snprintf(path, sizeof path, "%s/report", folder);
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file >= 0) {
        if (write(file, text, strlen(text)) < 0) {
            abort();
        }
        close(file);
    }
}

void fake_wrong(const char *format, ...) {
    char what[400], text[500];
    va_list values;
    va_start(values, format);
    vsnprintf(what, sizeof what, format, values);
    va_end(values);
    snprintf(text, sizeof text, "wrong: %s\n", what);
    line(text);
}

void fake_count(enum kind kind, int change) {
    __atomic_add_fetch(&left[kind], change, __ATOMIC_SEQ_CST);
}

// How much of everything is open now, in the order of enum kind.
__attribute__((visibility("default"))) int fake_left(int kind) {
    return kind < 0 || kind >= KINDS ? -1 : __atomic_load_n(&left[kind], __ATOMIC_SEQ_CST);
}

// What all processes share of a kind: a file with the number of the process of each. One that is gone has none.
int fake_session(const char *what, int change) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, what);
    int file = open(path, O_RDWR | O_CREAT, 0600);
    int processes[PROCESSES] = {0};
    flock(file, LOCK_EX);
    if (read(file, processes, sizeof processes) < 0) {
        abort();
    }
    int free = -1, open = 0, mine = -1;
    for (int i = 0; i < PROCESSES; i++) {
        if (processes[i] != 0 && kill(processes[i], 0) != 0 && errno == ESRCH) {
            processes[i] = 0;
        }
        open += processes[i] != 0;
        free = processes[i] == 0 ? i : free;
        mine = processes[i] == getpid() ? i : mine;
    }
    int done = change < 0 ? mine >= 0 : free >= 0 && open < fake_number(what, PROCESSES);
    if (done) {
        processes[change < 0 ? mine : free] = change < 0 ? 0 : getpid();
        if (pwrite(file, processes, sizeof processes, 0) < 0) {
            abort();
        }
    }
    close(file); // and with it the lock
    return done;
}

// The file "behaviour" beside the driver: key=value, one a line.
__attribute__((constructor)) static void begin(void) {
    Dl_info here;
    dladdr((void *) &begin, &here);
    snprintf(folder, sizeof folder, "%s", here.dli_fname);
    char *end = strrchr(folder, '/');
    *(end == NULL ? folder : end) = 0;
    char path[4096], text[200], key[KEY];
    snprintf(path, sizeof path, "%s/behaviour", folder);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(text, sizeof text, file) != NULL) {
        long value;
        if (sscanf(text, "%39[^=]=%ld", key, &value) == 2) {
            fake_set(key, value);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

__attribute__((destructor)) static void end(void) {
    for (int i = 0; i < KINDS; i++) {
        if (left[i] != 0) {
            char text[100];
            snprintf(text, sizeof text, "left: %d %s\n", left[i], NAMES[i]);
            line(text);
        }
    }
}
