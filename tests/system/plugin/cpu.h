/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/plugin/cpu.h - registers of the executing CPU, its table.
 */
#ifndef CPU_H
#define CPU_H

#include <stdbool.h>
#include <stdint.h>

uint64_t big_endian(const uint8_t *bytes, unsigned int count);
uint64_t read_register(const char *name);
const uint8_t *storage(uint64_t real, uint64_t bytes);
uint64_t find_table(unsigned int lpid, uint64_t *bytes, bool *isa_300);
void give_up(const char *why) __attribute__((noreturn));

#endif /* CPU_H */
