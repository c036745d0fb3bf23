/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/unpack_xz.c - xz decompression by liblzma.
 */
#include "unpack.h"

#include <lzma.h>
#include <stdlib.h>

/* xz -9 needs 65 MiB; a hostile header may ask for gigabytes. */
#define MEMORY_LIMIT	(UINT64_C(256) << 20)

struct unpacker {
	lzma_stream stream;
};

struct unpacker *unpacker_new(const char **why)
{
	struct unpacker *unpacker = calloc(1, sizeof(*unpacker));

	*why = "out of memory";
	if (!unpacker)
		return NULL;
	unpacker->stream = (lzma_stream)LZMA_STREAM_INIT;
	if (lzma_stream_decoder(&unpacker->stream, MEMORY_LIMIT,
				LZMA_CONCATENATED) != LZMA_OK) {
		free(unpacker);
		return NULL;
	}
	return unpacker;
}

static const char *reason(lzma_ret code)
{
	switch (code) {
	case LZMA_FORMAT_ERROR:
		return "not an xz file";
	case LZMA_MEMLIMIT_ERROR:
	case LZMA_MEM_ERROR:
		return "xz data wants too much memory";
	case LZMA_OPTIONS_ERROR:
		return "xz data with unknown options";
	case LZMA_BUF_ERROR:
		return "xz data ends too early";
	default:
		return "xz data damaged";
	}
}

enum unpack_result unpacker_run(struct unpacker *unpacker,
				struct unpack_step *step, bool last,
				const char **why)
{
	lzma_stream *stream = &unpacker->stream;
	lzma_ret code;

	stream->next_in = step->in;
	stream->avail_in = step->in_left;
	stream->next_out = step->out;
	stream->avail_out = step->out_left;
	code = lzma_code(stream, last ? LZMA_FINISH : LZMA_RUN);
	step->in = stream->next_in;
	step->in_left = stream->avail_in;
	step->out = stream->next_out;
	step->out_left = stream->avail_out;
	if (code == LZMA_STREAM_END)
		return UNPACK_END;
	if (code == LZMA_OK)
		return UNPACK_MORE;
	*why = reason(code);
	return UNPACK_BAD;
}

void unpacker_free(struct unpacker *unpacker)
{
	if (!unpacker)
		return;
	lzma_end(&unpacker->stream);
	free(unpacker);
}
