/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/text.c - see text.h.
 */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>

void text_clear(struct text *text)
{
	text->used = 0;
	text->chars[0] = '\0';
}

void text_add(struct text *text, const char *format, ...)
{
	size_t left;
	va_list args;
	int length;

	if (!text)
		return;
	left = sizeof(text->chars) - text->used;
	va_start(args, format);
	length = vsnprintf(text->chars + text->used, left, format, args);
	va_end(args);
	if (length < 0)
		return;
	text->used += (size_t)length < left ? (size_t)length : left - 1;
}
