// SPDX-License-Identifier: Apache-2.0
// Inside the fake libcuda.so.1. Numbers are those of the CUDA driver API.
#ifndef FAKE_CUDA_H
#define FAKE_CUDA_H

#include "machine.h"
#include <pthread.h>
#include <stddef.h>

#define API __attribute__((visibility("default"))) int

enum { OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, NO_DEVICE = 100, INVALID_DEVICE = 101, BAD_IMAGE = 200,
       INVALID_CONTEXT = 201, INVALID_PTX = 218, INVALID_HANDLE = 400, NOT_FOUND = 500, ILLEGAL_ADDRESS = 700 };

struct allocation { struct allocation *next; uint64_t address, bytes; unsigned char *data; int device, uses; void *writer; };

extern pthread_mutex_t cuda_lock;
extern struct allocation *allocations;

long fake_number(const char *key, long otherwise);
int fake_down(const char *key);
long fake_take(const char *key);
void fake_wrong(const char *format, ...);
void fake_count(enum kind kind, int change);
int fake_session(const char *what, int change);

void *current(void);
// Whether a call can be answered: with a context, on a GPU that is not lost.
int ready(const char *call);
// The allocation that all of the bytes are in; the lock is held.
struct allocation *find(uint64_t address, uint64_t bytes);
unsigned char *memory(uint64_t address, uint64_t bytes);

#define READY int not_ready = ready(__func__); if (not_ready != OK) return not_ready

#endif
