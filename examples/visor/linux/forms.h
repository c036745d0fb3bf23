/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * linux/forms.h - the instructions that devmem tries.
 */
#ifndef LINUX_FORMS_H
#define LINUX_FORMS_H

#include <stdbool.h>
#include <stdint.h>

/* What the address register lacks: a displacement, or the index register. */
#define MOVED_BY	8

enum form_kind {
	PLAIN,			/* zeros above it */
	SIGNED,
	REVERSED,
	SINGLE			/* single precision: converted */
};

/**
 * struct form - one instruction
 * @bytes:	it moves so many
 * @update:	it leaves the address in the address register
 * @run:	do it at @address; store @value, or return what was loaded;
 *		*@base: the address register after it
 */
struct form {
	const char *name;
	uint8_t bytes;
	uint8_t kind;
	bool store;
	bool update;
	uint64_t (*run)(uint64_t address, uint64_t value, uint64_t *base);
};

extern const struct form forms[];
extern const unsigned int form_count;

#endif /* LINUX_FORMS_H */
