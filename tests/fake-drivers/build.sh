#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the fake drivers into the folder $1. Without a C compiler there are none, and the tests that need them say so.
set -eu
sources=$(cd "$(dirname "$0")/src/main/c" && pwd)
mkdir -p "$1"
if ! command -v cc > /dev/null; then
    echo "no C compiler: the fake NVIDIA drivers are not built (Debian: apt-get install gcc libc6-dev)" >&2
    exit 0
fi
compile() {
    name=$1
    shift
    cc -shared -fPIC -O2 -std=gnu11 -Wall -Wextra -Werror -fvisibility=hidden -Wl,-soname,"$name" -o "$output/$name" "$@" -ldl -lpthread
}
output=$(cd "$1" && pwd)
cd "$sources"
compile libcuda.so.1 machine.c cuda.c kernel.c
compile libnvidia-encode.so.1 beside.c nvenc.c session.c parameters.c engine_openh264.c engine_aom.c engine_x265.c engine_lossless.c engine_opaque.c
compile libnvidia-fbc.so.1 beside.c nvfbc.c nvfbc_grab.c screen.c
compile libnvidia-ml.so.1 beside.c nvml.c nvml_events.c
