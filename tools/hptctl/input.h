/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/input.h - the bytes of a file, unpacked if it is an xz file.
 */
#ifndef HPTCTL_INPUT_H
#define HPTCTL_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "unpack.h"

#define INPUT_BUFFER	65536U
#define INPUT_FAILED	SIZE_MAX

/**
 * struct input - an open file
 * @path:	its name
 * @file_bytes:	its size as it lies on disk, 0 if unknown
 * @taken:	bytes of it that have been read
 * @given:	bytes handed out, unpacked: the offset of the next one
 * @error:	what went wrong, empty if nothing did
 */
struct input {
	const char *path;
	uint64_t file_bytes;
	uint64_t taken;
	uint64_t given;
	char error[160];
	FILE *file;
	struct unpacker *unpacker;
	bool ended;
	struct unpack_step step;
	uint8_t packed[INPUT_BUFFER];
	uint8_t plain[INPUT_BUFFER];
	size_t plain_used;
	size_t plain_bytes;
};

/* input_open() - false: see @in->error.  Close it in any case. */
bool input_open(struct input *in, const char *path);

/**
 * input_read() - read exactly @bytes, unless the end comes first
 *
 * Return: the number of bytes, less than @bytes only at the end, or
 * INPUT_FAILED: see @in->error.
 */
size_t input_read(struct input *in, void *to, size_t bytes);

void input_close(struct input *in);

/*
 * Open, let @use read, close.  False, and where and why is printed: it could
 * not be opened, or @use says no.
 */
bool input_whole(const char *path, bool (*use)(void *context, struct input *in),
		 void *context);

#endif /* HPTCTL_INPUT_H */
