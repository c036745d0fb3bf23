/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/platform/load.c - the guest's kernel, from an ELF file.
 *
 * References
 *	[ELF]	System V Application Binary Interface, "Object Files"
 */
#include "platform.h"

#include "layout.h"

#define ELF_64		2
#define ELF_LITTLE	1
#define ELF_BIG		2
#define ELF_PPC64	21
#define ELF_LOAD	1
#define ELF_HEADER	56U	/* bytes of one that says what to load */

/* A kernel's addresses have their first bits set where it maps itself. */
#define REAL_MASK	UINT64_C(0x0FFFFFFFFFFFFFFF)

struct file {
	const uint8_t *at;
	uint64_t bytes;
	bool little;
};

/* So many bytes as a number; 0 beyond the end. */
static uint64_t number(const struct file *file, uint64_t offset,
		       unsigned int bytes)
{
	uint64_t value = 0;

	if (offset > file->bytes || bytes > file->bytes - offset)
		return 0;
	for (unsigned int i = 0; i < bytes; i++)
		value |= (uint64_t)file->at[offset + i]
			 << 8 * (file->little ? i : bytes - 1 - i);
	return value;
}

static const char *load_segment(const struct file *file, uint64_t header)
{
	uint64_t offset = number(file, header + 8, 8);
	uint64_t gpa = number(file, header + 24, 8) & REAL_MASK;
	uint64_t stored = number(file, header + 32, 8);
	uint64_t bytes = number(file, header + 40, 8);

	if (offset > file->bytes || stored > file->bytes - offset ||
	    stored > bytes)
		return "its kernel's file has been cut off";
	if (gpa > GUEST_TREE || bytes > GUEST_TREE - gpa ||
	    !host_ram(gpa, bytes))
		return "its kernel is too large";
	host_ops.guest_write(NULL, gpa, file->at + offset, stored);
	host_ops.guest_write(NULL, gpa + stored, NULL, bytes - stored);
	host_ops.icache_sync(NULL, gpa, stored);
	return NULL;
}

const char *load_kernel(uint64_t bytes, uint64_t *entry)
{
	struct file file = { (const uint8_t *)KERNEL_REAL, bytes, false };
	uint64_t headers, count, size, loaded = 0;

	if (bytes > KERNEL_MAX)
		return "its kernel's file is too large";
	if (number(&file, 0, 4) != 0x7F454C46)
		return "its kernel is not an ELF file";
	file.little = number(&file, 5, 1) == ELF_LITTLE;
	if (number(&file, 4, 1) != ELF_64 || number(&file, 18, 2) != ELF_PPC64)
		return "its kernel is not for a 64-bit POWER CPU";
	*entry = number(&file, 24, 8) & REAL_MASK;
	headers = number(&file, 32, 8);
	size = number(&file, 54, 2);
	count = number(&file, 56, 2);
	if (headers > file.bytes || size < ELF_HEADER)
		count = 0;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t header = headers + i * size;
		const char *problem;

		if (number(&file, header, 4) != ELF_LOAD)
			continue;
		problem = load_segment(&file, header);
		if (problem)
			return problem;
		loaded++;
	}
	return loaded ? NULL : "its kernel's file has nothing to load";
}
