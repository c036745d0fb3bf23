/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/unpack_none.c - for builds without liblzma.
 */
#include "unpack.h"

struct unpacker *unpacker_new(const char **why)
{
	*why = "xz data, but this hptctl was built without liblzma: "
	       "unpack the file with xz first";
	return NULL;
}

enum unpack_result unpacker_run(struct unpacker *unpacker,
				struct unpack_step *step, bool last,
				const char **why)
{
	(void)unpacker;
	(void)step;
	(void)last;
	*why = "built without liblzma";
	return UNPACK_BAD;
}

void unpacker_free(struct unpacker *unpacker)
{
	(void)unpacker;
}
