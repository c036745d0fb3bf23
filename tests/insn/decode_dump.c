/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/insn/decode_dump.c - print how instructions are decoded.
 *
 * usage: decode_dump FILE
 *
 * FILE is pairs of instruction words, each little-endian; the second word of
 * a pair matters to a prefix only.  One line a pair: the members of struct
 * hpte_insn as numbers, in the order that decode.py reads them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "hpte/insn.h"

static uint32_t little_endian(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
	       (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

int main(int argc, char **argv)
{
	unsigned char bytes[8];
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;

	if (!file) {
		fputs("usage: decode_dump FILE\n", stderr);
		return EXIT_FAILURE;
	}
	while (fread(bytes, sizeof(bytes), 1, file) == 1) {
		const uint32_t words[2] = {
			little_endian(bytes), little_endian(bytes + 4)
		};
		struct hpte_insn insn;

		hpte_insn_decode(words, &insn);
		printf("%u %u %u %u %u %u %u %u %u %u %" PRId64 "\n",
		       insn.kind, insn.bank, insn.layout, insn.size, insn.part,
		       insn.flags, insn.reg, insn.ra, insn.rb, insn.length,
		       insn.displacement);
	}
	fclose(file);
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
