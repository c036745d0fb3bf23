/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/tree.c - reads flattened device trees.
 *
 * The machine's own, and the one made for the guest.
 *
 * References
 *	[DT]	Devicetree Specification, "Flattened Devicetree (DTB) Format"
 */
#include "visor.h"

#define MAGIC		0xD00DFEEDU
#define BYTES_MAX	0x1000000U

enum token { NODE = 1, NODE_END = 2, PROPERTY = 3, NOTHING = 4 };

/* A place in the tree; done when @at is NULL. */
struct cursor {
	const char *at, *end;		/* of the structure block */
	const char *names;
	const char *node;		/* the last that began: its name */
	const char *name, *value;	/* of the property */
	uint32_t bytes;
};

static uint32_t be32(const void *from)
{
	return *(const uint32_t *)from;		/* we are big-endian */
}

bool tree_good(const void *tree)
{
	const char *blob = tree;

	return be32(blob) == MAGIC && be32(blob + 4) < BYTES_MAX;
}

/* The same as a node's name, which may go on with "@" and an address. */
static bool same(const char *name, const char *wanted)
{
	while (*wanted && *name == *wanted)
		name++, wanted++;
	return !*wanted && (!*name || *name == '@');
}

static bool next_property(struct cursor *cursor)
{
	while (cursor->at + 4 <= cursor->end) {
		uint32_t token = be32(cursor->at);

		cursor->at += 4;
		if (token == NODE) {
			cursor->node = cursor->at;
			while (*cursor->at++)
				;
		} else if (token == PROPERTY) {
			cursor->bytes = be32(cursor->at);
			cursor->name = cursor->names + be32(cursor->at + 4);
			cursor->value = cursor->at + 8;
			cursor->at += 8 + (uint64_t)cursor->bytes;
		} else if (token != NODE_END && token != NOTHING) {
			return false;
		}
		cursor->at += -(uintptr_t)cursor->at & 3;
		if (token == PROPERTY)
			return cursor->at <= cursor->end;
	}
	return false;
}

static struct cursor first(const void *tree)
{
	const char *blob = tree;
	struct cursor cursor = {
		.at = blob + be32(blob + 8),
		.end = blob + be32(blob + 4),
		.names = blob + be32(blob + 12),
		.node = "",
	};

	return cursor;
}

/* Of the first node of this name, wherever it lies, that has it; or NULL. */
const void *tree_property(const void *tree, const char *node, const char *name,
			  uint32_t *bytes)
{
	struct cursor cursor = first(tree);

	while (next_property(&cursor)) {
		if (!same(cursor.node, node) || !same(cursor.name, name))
			continue;
		*bytes = cursor.bytes;
		return cursor.value;
	}
	return NULL;
}

/* Each core lists its own. */
unsigned int tree_threads(const void *tree)
{
	struct cursor cursor = first(tree);
	unsigned int threads = 0;

	while (next_property(&cursor))
		if (same(cursor.name, "ibm,ppc-interrupt-server#s"))
			threads += cursor.bytes / 4;
	return threads;
}
