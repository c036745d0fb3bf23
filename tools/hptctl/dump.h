/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/dump.h - show an image of a table: a file of its bytes in memory.
 */
#ifndef HPTCTL_DUMP_H
#define HPTCTL_DUMP_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct dump_options - the command line
 * @table:	image
 * @format:	HPTE_FORMAT_* of its entries, if @formatted; else to be found
 * @json:	everything as one JSON object
 * @picture:	also print a picture of the table
 */
struct dump_options {
	const char *table;
	unsigned int format;
	bool formatted;
	bool json;
	bool picture;
};

/* dump_file() - all of it; false: the file is unusable, said on stderr */
bool dump_file(const struct dump_options *options);

#endif /* HPTCTL_DUMP_H */
