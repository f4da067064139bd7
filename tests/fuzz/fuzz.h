/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What every fuzzer is: called by libFuzzer, or by replay.c with the files of its corpus. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
