#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds core/application and what it stands on for a Cortex-M4, without exceptions and RTTI, and decodes
# a telegram under qemu-system-arm. Exit 0 right, 77 skipped (a tool is missing), else wrong.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
here=$root/tests/core/application
for tool in arm-none-eabi-g++ qemu-system-arm; do
    if ! command -v "$tool" > /dev/null; then
        echo "skipped: $tool is missing"
        exit 77
    fi
done
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
flags="-std=c++23 -Os -mcpu=cortex-m4 -mthumb -fno-exceptions -fno-rtti -ffunction-sections
    -fdata-sections -Wall -Wextra -Wshadow -Wconversion -Wno-psabi -Werror -I$root"
objects=
for source in "$root"/core/fault.cpp "$root"/core/bytes/*.cpp "$root"/core/link/frame*.cpp \
    "$root"/core/link/control_field.cpp "$root"/core/application/*.cpp \
    "$here"/cortex_m4_main.cpp; do
    object=$build/$(echo "$source" | tr / _).o
    # shellcheck disable=SC2086 # flags are words
    arm-none-eabi-g++ $flags -c "$source" -o "$object"
    objects="$objects $object"
done
# shellcheck disable=SC2086
arm-none-eabi-g++ -mcpu=cortex-m4 -mthumb -nostartfiles --specs=nosys.specs -Wl,--gc-sections \
    -T "$here/cortex_m4.ld" $objects -o "$build/decode.elf"
arm-none-eabi-size "$build/decode.elf"
timeout 20 qemu-system-arm -M mps2-an386 -nographic -monitor none -serial none \
    -semihosting-config enable=on,target=native -kernel "$build/decode.elf"
echo "decoded on a Cortex-M4"
