/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/unpack.h - xz decompression: unpack_xz.c, or unpack_none.c in a
 * build without liblzma.
 */
#ifndef HPTCTL_UNPACK_H
#define HPTCTL_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unpacker;

enum unpack_result {
	UNPACK_MORE,	/* took all input or filled all output */
	UNPACK_END,	/* the stream is complete */
	UNPACK_BAD	/* damaged: see the message */
};

/**
 * struct unpack_step - what one call works on; the call moves all four
 */
struct unpack_step {
	const uint8_t *in;
	size_t in_left;
	uint8_t *out;
	size_t out_left;
};

/**
 * unpacker_new() - start
 * @why:	where to put the reason if it fails
 *
 * Return: NULL if this build cannot unpack or there is no memory.
 */
struct unpacker *unpacker_new(const char **why);

/**
 * unpacker_run() - unpack some
 * @last:	nothing follows the input of this step
 * @why:	where to put what is wrong, with UNPACK_BAD
 */
enum unpack_result unpacker_run(struct unpacker *unpacker,
				struct unpack_step *step, bool last,
				const char **why);

void unpacker_free(struct unpacker *unpacker);

#endif /* HPTCTL_UNPACK_H */
