/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/fuzz/fuzz.h - what every fuzz target here is.
 *
 * A target is one function.  libFuzzer, AFL++ and regression_driver.c each
 * bring a main() that calls it.
 */
#ifndef TEST_FUZZ_FUZZ_H
#define TEST_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/**
 * LLVMFuzzerTestOneInput() - try one input
 * @data:	any bytes
 * @size:	how many
 *
 * Ends the program by a signal if the property does not hold.
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* TEST_FUZZ_FUZZ_H */
