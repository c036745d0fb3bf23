/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/plugin/cpu.c - registers of the executing CPU, its table.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Storage
 *		Description Register 1", "Partition Table"
 */
#include "cpu.h"
#include "qemu-plugin.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What makes all that follows worthless. */
void give_up(const char *why)
{
	fprintf(stderr, "tlbie: gives up: %s\n", why);
	_exit(1);
}

/* Memory of a big-endian CPU. */
uint64_t big_endian(const uint8_t *bytes, unsigned int count)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < count; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* A register of the executing CPU; false if it has none of this name. */
static bool find_register(const char *name, uint64_t *value)
{
	static struct descriptor_array *all;
	static struct byte_array *bytes;
	const struct descriptor *each;

	if (!all) {
		all = qemu_plugin_get_registers();
		bytes = g_byte_array_new();
	}
	each = (const void *)all->data;
	for (unsigned int i = 0; i < all->count; i++, each++) {
		if (strcmp(each->name, name))
			continue;
		g_byte_array_set_size(bytes, 0);
		qemu_plugin_read_register(each->handle, bytes);
		*value = big_endian(bytes->data, bytes->bytes);
		return true;
	}
	return false;
}

/* One that it must have. */
uint64_t read_register(const char *name)
{
	uint64_t value;

	if (!find_register(name, &value))
		give_up(name);
	return value;
}

/* Storage at a real address, until the next call: the CPU is in real mode. */
const uint8_t *storage(uint64_t real, uint64_t bytes)
{
	static struct byte_array *copy;

	if (!copy)
		copy = g_byte_array_new();
	if (!qemu_plugin_read_memory_vaddr(real, copy, bytes))
		give_up("the table cannot be read");
	return copy->data;
}

/* The guest's table, and its format; 0 bytes if the CPU has none yet. */
uint64_t find_table(unsigned int lpid, uint64_t *bytes, bool *isa_300)
{
	uint64_t table, partitions;

	*isa_300 = find_register("ptcr", &partitions);
	if (!*isa_300)
		table = read_register("sdr1");
	else if (!partitions)
		table = 0;
	else
		table = big_endian(storage((partitions & ~UINT64_C(0xFFF)) +
					   16 * lpid, 8), 8);
	*bytes = table ? UINT64_C(1) << (18 + (table & 0x1F)) : 0;
	return table & UINT64_C(0x0FFFFFFFFFFC0000);
}
