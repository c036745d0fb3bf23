/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/text.h - a bounded piece of text that grows by printf.
 */
#ifndef HPTCTL_TEXT_H
#define HPTCTL_TEXT_H

#include <stddef.h>

#define TEXT_BYTES	8192

/**
 * struct text - text, always terminated; what does not fit is cut off
 */
struct text {
	size_t used;
	char chars[TEXT_BYTES];
};

/* text_clear() - make it empty */
void text_clear(struct text *text);

/* text_add() - append; nothing happens if @text is NULL */
__attribute__((format(printf, 2, 3)))
void text_add(struct text *text, const char *format, ...);

#endif /* HPTCTL_TEXT_H */
