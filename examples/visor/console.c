/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/console.c - the machine's serial port and its power switch.
 *
 * Both are devices on the LPC bus: a 16550 UART, and the block transfer
 * interface of a baseboard management controller that speaks IPMI.  POWER9 and
 * later map the bus; on POWER8 a bridge is asked for each byte, by way of
 * two registers of the chip's service bus (XSCOM).
 *
 * References
 *	[IPMI]	Intelligent Platform Management Interface Specification 2.0,
 *		"Block Transfer (BT) Interface", "Chassis Control Command"
 */
#include "visor.h"

#include <stdarg.h>

#define LPC_MAPPED	UINT64_C(0x0006030000000000)
#define LPC_IO		UINT64_C(0xD0010000)
#define XSCOM		UINT64_C(0x0003FC0000000000)
#define ECCB_CONTROL	0xB0020U
#define ECCB_DATA	0xB0023U
#define ECCB_BYTE	(UINT64_C(0xD) << 60 | UINT64_C(1) << 56)
#define ECCB_READ	(UINT64_C(1) << 48)

#define UART_DATA	0x3F8U
#define UART_STATUS	0x3FDU
#define UART_ROOM	0x20U

#define BT_CONTROL	0xE4U
#define BT_CLEAR_WRITE	0x01U
#define BT_ATTENTION	0x04U
#define BT_BUFFER	0xE5U

#define NOTES		8U

static uint64_t console_lock;
/* What the guest did wrong; only the first, and when its line is done. */
static struct {
	const char *what;
	uint64_t pc;
} notes[NOTES];
static unsigned int noted, told;
static char last = '\n';			/* character */

/* A register of the service bus; POWER8 spreads its address like this. */
static uint64_t xscom(unsigned int address)
{
	return XSCOM | (uint64_t)(address & ~0xFU) << 4 |
	       (uint64_t)(address & 0xFU) << 3;
}

static void lpc_store(unsigned int port, uint8_t value)
{
	if (machine_power >= 9) {
		out_8(LPC_MAPPED + LPC_IO + port, value);
		return;
	}
	out_64(xscom(ECCB_DATA), (uint64_t)value << 56);
	out_64(xscom(ECCB_CONTROL), ECCB_BYTE | (LPC_IO + port));
}

static uint8_t lpc_load(unsigned int port)
{
	if (machine_power >= 9)
		return in_8(LPC_MAPPED + LPC_IO + port);
	out_64(xscom(ECCB_CONTROL), ECCB_BYTE | ECCB_READ | (LPC_IO + port));
	return (uint8_t)(in_64(xscom(ECCB_DATA)) >> 56);
}

static void put(char c)
{
	/* a port that is stuck shall not stop us */
	for (unsigned int tries = 0; tries < 10000; tries++)
		if (lpc_load(UART_STATUS) & UART_ROOM)
			break;
	lpc_store(UART_DATA, (uint8_t)c);
	last = c;
}

static void lock(void)
{
	while (__atomic_exchange_n(&console_lock, 1, __ATOMIC_ACQUIRE))
		;
}

static void unlock(void)
{
	__atomic_store_n(&console_lock, 0, __ATOMIC_RELEASE);
}

static void put_number(uint64_t value, unsigned int base)
{
	char digits[20];
	unsigned int count = 0;

	do {
		digits[count++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (count)
		put(digits[--count]);
}

/* %s, %lu, %lx and no more. */
static void print(const char *format, va_list arguments)
{
	for (; *format; format++) {
		if (*format != '%') {
			put(*format);
		} else if (*++format == 's') {
			for (const char *s = va_arg(arguments, char *); *s; s++)
				put(*s);
		} else {
			put_number(va_arg(arguments, unsigned long),
				   *++format == 'x' ? 16 : 10);
		}
	}
}

static void say(const char *format, va_list arguments)
{
	for (const char *s = "visor: "; *s; s++)
		put(*s);
	print(format, arguments);
	put('\n');
}

static void tell(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

/* Notes may have been waiting for the end of the guest's line. */
static void tell_notes(void)
{
	for (; told < noted && last == '\n'; told++)
		tell("guest %lu: %s, at %lx", (uint64_t)LPID, notes[told].what,
		     notes[told].pc);
}

void console_write(const char *text, uint64_t bytes)
{
	lock();
	/* a guest has no say in how it ended: other vCPUs may still run */
	while (bytes-- && !__atomic_load_n(&guest.ended, __ATOMIC_RELAXED))
		put(*text++);
	tell_notes();
	unlock();
}

/* The guest has got an interrupt for what it did at this PC. */
void console_note(const char *what, uint64_t pc)
{
	lock();
	if (noted < NOTES) {
		notes[noted].what = what;
		notes[noted++].pc = pc;
	}
	tell_notes();
	unlock();
}

/* A line of the visor's own.  A guest can cause the last two of its life. */
void console_say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	lock();
	if (last != '\n')		/* the guest's line is not done */
		put('\n');
	say(format, arguments);
	unlock();
	va_end(arguments);
}

void power_off(void)
{
	/* length, chassis << 2, sequence, chassis control, power down */
	static const uint8_t message[] = { 4, 0, 1, 2, 0 };

	lpc_store(BT_CONTROL, BT_CLEAR_WRITE);
	for (size_t i = 0; i < sizeof(message); i++)
		lpc_store(BT_BUFFER, message[i]);
	lpc_store(BT_CONTROL, BT_ATTENTION);
	for (;;)
		;
}
