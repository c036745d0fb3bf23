/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/input.c - see input.h.
 */
#include "input.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const uint8_t xz_magic[6] = { 0xFD, '7', 'z', 'X', 'Z', 0x00 };

static bool named_xz(const char *path)
{
	size_t length = strlen(path);

	return length >= 3 && !strcmp(path + length - 3, ".xz");
}

/* Fill the buffer of bytes as they lie on disk; false: a read error. */
static bool fetch(struct input *in)
{
	size_t bytes = fread(in->packed, 1, sizeof(in->packed), in->file);

	if (bytes < sizeof(in->packed)) {
		if (ferror(in->file)) {
			snprintf(in->error, sizeof(in->error), "%s",
				 strerror(errno));
			return false;
		}
		in->ended = true;
	}
	in->taken += bytes;
	in->step.in = in->packed;
	in->step.in_left = bytes;
	return true;
}

bool input_open(struct input *in, const char *path)
{
	const char *why = "";
	struct stat status;

	memset(in, 0, sizeof(*in));
	in->path = path;
	in->file = fopen(path, "rb");
	if (!in->file || fstat(fileno(in->file), &status)) {
		snprintf(in->error, sizeof(in->error), "%s", strerror(errno));
		return false;
	}
	if (S_ISREG(status.st_mode))
		in->file_bytes = (uint64_t)status.st_size;
	if (!fetch(in))
		return false;
	if (!named_xz(path) &&
	    (in->step.in_left < sizeof(xz_magic) ||
	     memcmp(in->packed, xz_magic, sizeof(xz_magic)) != 0))
		return true;
	in->unpacker = unpacker_new(&why);
	if (!in->unpacker)
		snprintf(in->error, sizeof(in->error), "%s", why);
	return in->unpacker != NULL;
}

/* Unpack until there is something to hand out or the stream ends. */
static bool refill_unpacked(struct input *in, bool *end)
{
	enum unpack_result result;
	const char *why = "";

	in->plain_used = 0;
	in->step.out = in->plain;
	in->step.out_left = sizeof(in->plain);
	do {
		if (!in->step.in_left && !in->ended && !fetch(in))
			return false;
		result = unpacker_run(in->unpacker, &in->step, in->ended,
				      &why);
	} while (result == UNPACK_MORE &&
		 in->step.out_left == sizeof(in->plain));
	in->plain_bytes = sizeof(in->plain) - in->step.out_left;
	*end = result == UNPACK_END;
	/* what was unpacked before the damage is handed out first */
	if (result != UNPACK_BAD || in->plain_bytes)
		return true;
	snprintf(in->error, sizeof(in->error), "%s near byte %" PRIu64
		 " of the packed file", why, in->taken - in->step.in_left);
	return false;
}

static bool refill(struct input *in, bool *end)
{
	if (in->unpacker)
		return refill_unpacked(in, end);
	if (!in->step.in_left && !in->ended && !fetch(in))
		return false;
	memcpy(in->plain, in->packed, in->step.in_left);
	in->plain_used = 0;
	in->plain_bytes = in->step.in_left;
	in->step.in_left = 0;
	*end = in->ended;
	return true;
}

size_t input_read(struct input *in, void *to, size_t bytes)
{
	uint8_t *out = to;
	size_t done = 0;

	while (done < bytes) {
		size_t part = in->plain_bytes - in->plain_used;
		bool end = false;

		if (part > bytes - done)
			part = bytes - done;
		memcpy(out + done, in->plain + in->plain_used, part);
		in->plain_used += part;
		in->given += part;
		done += part;
		if (done == bytes)
			break;
		if (!refill(in, &end))
			return INPUT_FAILED;
		if (end && !in->plain_bytes)
			break;
	}
	return done;
}

void input_close(struct input *in)
{
	unpacker_free(in->unpacker);
	if (in->file)
		fclose(in->file);
	in->unpacker = NULL;
	in->file = NULL;
}

bool input_whole(const char *path, bool (*use)(void *context, struct input *in),
		 void *context)
{
	struct input *in = malloc(sizeof(*in));
	bool usable;

	if (!in) {
		fprintf(stderr, "hptctl: out of memory\n");
		return false;
	}
	usable = input_open(in, path) && use(context, in);
	if (!usable)
		fprintf(stderr, "hptctl: %s: offset %" PRIu64 " (0x%" PRIx64
			"): %s\n", path, in->given, in->given, in->error);
	input_close(in);
	free(in);
	return usable;
}
