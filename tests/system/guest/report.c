/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest/report.c - what is printed, and why a check failed.
 */
#include <stdarg.h>

#include "tests/system/platform/abi.h"
#include "guest.h"

#define LINE		160U

void *memset(void *to, int byte, size_t bytes);
void *memcpy(void *to, const void *from, size_t bytes);

/* The compiler may ask for these two. */
void *memset(void *to, int byte, size_t bytes)
{
	volatile unsigned char *at = to;

	while (bytes--)
		*at++ = (unsigned char)byte;
	return to;
}

void *memcpy(void *to, const void *from, size_t bytes)
{
	volatile unsigned char *at = to;
	const unsigned char *source = from;

	while (bytes--)
		*at++ = *source++;
	return to;
}

/* %s, %d (unsigned int), %x (uint64_t); cut off at the end of @line. */
static size_t format_number(char *to, uint64_t value, unsigned int radix)
{
	char digits[20];
	size_t n = 0, length = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % radix];
		value /= radix;
	} while (value);
	while (n)
		to[length++] = digits[--n];
	return length;
}

static void format_line(char line[LINE], const char *format, va_list arguments)
{
	size_t at = 0;

	for (; *format && at < LINE - 24; format++) {
		if (*format != '%') {
			line[at++] = *format;
			continue;
		}
		format++;
		if (*format == 's') {
			const char *s = va_arg(arguments, const char *);

			while (*s && at < LINE - 24)
				line[at++] = *s++;
		} else if (*format == 'd') {
			at += format_number(line + at,
					    va_arg(arguments, unsigned int),
					    10);
		} else {
			at += format_number(line + at,
					    va_arg(arguments, uint64_t), 16);
		}
	}
	line[at] = 0;
}

static void put_line(const char *line)
{
	while (*line) {
		uint64_t words[2] = { 0, 0 }, n = 0;

		for (; line[n] && n < 16; n++)
			words[n / 8] |= (uint64_t)(unsigned char)line[n] <<
					(56 - 8 * (n % 8));
		(void)hcall(ABI_PUT_TERM_CHAR, 0, n, words[0], words[1]);
		line += n;
	}
}

void print(const char *format, ...)
{
	char line[LINE];
	va_list arguments;

	va_start(arguments, format);
	format_line(line, format, arguments);
	va_end(arguments);
	put_line(line);
}

static char why[LINE], why_skipped[LINE];

const char *fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	format_line(why, format, arguments);
	va_end(arguments);
	return why;
}

const char *skip(const char *reason)
{
	size_t n = 0;

	for (; reason[n] && n < LINE - 1; n++)
		why_skipped[n] = reason[n];
	why_skipped[n] = 0;
	return why_skipped;
}

bool skipped(const char *answer)
{
	return answer == why_skipped;
}

void end(bool good)
{
	for (;;)
		(void)hcall(VISOR_OFF, good ? 0 : 1, 0, 0, 0);
}

/* The visor entered a vector while no probe ran: nothing to go on with. */
_Noreturn void stray_interrupt(const struct cpu *cpu);
void stray_interrupt(const struct cpu *cpu)
{
	print("stray interrupt %x on CPU %x at %x: SRR1 %x DAR %x DSISR %x\n",
	      cpu->vector, cpu->number, cpu->srr0, cpu->srr1, cpu->dar,
	      cpu->dsisr);
	end(false);
}

const char *ended(unsigned int vector, uint64_t value)
{
	const struct cpu *cpu = this_cpu();

	NEED(cpu->vector == vector, "ended by %x, not %x; at %x DAR %x DSISR "
	     "%x", cpu->vector, (uint64_t)vector, cpu->srr0, cpu->dar,
	     cpu->dsisr);
	NEED(vector != DONE || cpu->gpr[3] == value, "r3 is %x, not %x",
	     cpu->gpr[3], value);
	return NULL;
}

const char *ended_at(unsigned int vector, uint64_t dar)
{
	const struct cpu *cpu = this_cpu();

	TRUST(ended(vector, 0));
	NEED(cpu->dar == dar, "DAR %x, not %x", cpu->dar, dar);
	NEED(cpu->srr0 == cpu->pc, "SRR0 %x, not %x", cpu->srr0, cpu->pc);
	return NULL;
}

const char *ended_in_dsi(uint64_t ea, uint64_t dsisr)
{
	const struct cpu *cpu = this_cpu();

	TRUST(ended_at(DSI, ea));
	NEED(cpu->dsisr == dsisr, "DSISR %x, not %x", cpu->dsisr, dsisr);
	NEED(cpu->srr1 == cpu->msr, "SRR1 %x, not %x", cpu->srr1, cpu->msr);
	return NULL;
}

const char *ended_in_isi(uint64_t ea, uint64_t bits)
{
	const struct cpu *cpu = this_cpu();

	TRUST(ended(ISI, 0));
	NEED(cpu->srr0 == ea, "SRR0 %x, not %x", cpu->srr0, ea);
	NEED(cpu->srr1 == (cpu->msr | bits), "SRR1 %x, not %x", cpu->srr1,
	     cpu->msr | bits);
	return NULL;
}
