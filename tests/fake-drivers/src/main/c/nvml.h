// SPDX-License-Identifier: Apache-2.0
// Inside the fake libnvidia-ml.so.1. All numbers are literal: facts about the interface, no text of NVIDIA's header.
#ifndef FAKE_NVML_H
#define FAKE_NVML_H

#include "machine.h"

enum status { DONE = 0, UNINITIALIZED = 1, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, INSUFFICIENT_SIZE = 7, TIMEOUT = 10 };

extern const struct machine *machine;

#define API __attribute__((visibility("default"))) enum status

// The number of a GPU, from 0, by its handle.
int gpu(const void *device);
// Whether there is such a GPU, and the library has been started.
int known(const void *device);

#endif
