/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/devices.c - a 16550 UART, and registers that keep what is
 * stored, for a platform to put where it likes.
 *
 * The UART transmits to the visor's console at once and never receives, but
 * in loopback mode what it has transmitted.  It has no interrupt line: its
 * interrupt register says what it would ask for.  One serves any number of
 * CPUs; a guest that lets two of them at it at a time gets some order.
 *
 * References
 *	[NS]	National Semiconductor, PC16550D Universal Asynchronous
 *		Receiver/Transmitter with FIFOs, "Registers"
 */
#include "visor.h"

enum uart_register { DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR };

#define FCR		IIR	/* when stored to */

#define IER_DATA	0x01U
#define IER_ROOM	0x02U
#define IIR_NOTHING	0x01U
#define IIR_ROOM	0x02U
#define IIR_DATA	0x04U
#define IIR_FIFOS	0xC0U
#define FCR_ENABLE	0x01U
#define FCR_CLEAR	0x02U	/* what was received */
#define LCR_DIVISOR	0x80U	/* DATA and IER are the divisor */
#define MCR_LOOP	0x10U
#define LSR_DATA	0x01U
#define LSR_OVERRUN	0x02U
#define LSR_ROOM	0x60U	/* nothing waits for being transmitted */
#define MSR_READY	0xB0U	/* CTS, DSR, DCD */

#define FIFO		16U

static struct {
	uint32_t locked;
	uint8_t ier, fcr, lcr, mcr, scr, divisor[2];
	bool room;		/* its interrupt has not been seen */
	bool overrun;
	uint8_t fifo[FIFO], first, held;
} uart;

static void receive(uint8_t byte)
{
	if (uart.held == (uart.fcr & FCR_ENABLE ? FIFO : 1)) {
		uart.overrun = true;
		return;
	}
	uart.fifo[(uart.first + uart.held++) % FIFO] = byte;
}

static void transmit(uint8_t byte)
{
	char c = (char)byte;

	uart.room = true;
	if (uart.mcr & MCR_LOOP)
		receive(byte);
	else
		console_write(&c, 1);
}

static void uart_store(enum uart_register where, uint8_t value)
{
	bool divisor = (uart.lcr & LCR_DIVISOR) && where <= IER;

	if (divisor) {
		uart.divisor[where] = value;
		return;
	}
	switch (where) {
	case DATA:
		transmit(value);
		break;
	case IER:
		uart.room |= (value & ~uart.ier & IER_ROOM) != 0;
		uart.ier = value & 0xF;
		break;
	case FCR:
		if ((value & FCR_CLEAR) || ((value ^ uart.fcr) & FCR_ENABLE))
			uart.held = 0;
		uart.fcr = value & FCR_ENABLE;
		break;
	case LCR:
		uart.lcr = value;
		break;
	case MCR:
		uart.mcr = value & 0x1F;
		break;
	case SCR:
		uart.scr = value;
		break;
	case LSR:
	case MSR:
		break;			/* cannot be stored to */
	}
}

static uint8_t received(void)
{
	uint8_t byte = 0;

	if (uart.held) {
		byte = uart.fifo[uart.first];
		uart.first = (uart.first + 1) % FIFO;
		uart.held--;
	}
	return byte;
}

static uint8_t interrupt(void)
{
	uint8_t fifos = uart.fcr & FCR_ENABLE ? IIR_FIFOS : 0;

	if (uart.held && (uart.ier & IER_DATA))
		return fifos | IIR_DATA;
	if (!uart.room || !(uart.ier & IER_ROOM))
		return fifos | IIR_NOTHING;
	uart.room = false;
	return fifos | IIR_ROOM;
}

static uint8_t line(void)
{
	uint8_t bits = LSR_ROOM | (uart.held ? LSR_DATA : 0) |
		       (uart.overrun ? LSR_OVERRUN : 0);

	uart.overrun = false;
	return bits;
}

/* In loopback mode the outputs RTS, DTR, OUT1, OUT2 are its inputs. */
static uint8_t modem(void)
{
	unsigned int out = uart.mcr;

	return !(out & MCR_LOOP) ? MSR_READY :
	       (uint8_t)((out & 2) << 3 | (out & 1) << 5 | (out & 4) << 4 |
			 (out & 8) << 4);
}

static uint8_t uart_load(enum uart_register where)
{
	if ((uart.lcr & LCR_DIVISOR) && where <= IER)
		return uart.divisor[where];
	switch (where) {
	case DATA:
		return received();
	case IER:
		return uart.ier;
	case IIR:
		return interrupt();
	case LCR:
		return uart.lcr;
	case MCR:
		return uart.mcr;
	case LSR:
		return line();
	case MSR:
		return modem();
	case SCR:
		return uart.scr;
	}
	return 0;
}

static enum hpte_mmio_result uart_access(void *ctx,
					 struct hpte_mmio_access *access)
{
	enum uart_register where = access->offset & 7;	/* address lines */

	(void)ctx;
	count(COUNT_MMIO, 1);
	while (__atomic_exchange_n(&uart.locked, 1, __ATOMIC_ACQUIRE))
		;
	if (access->is_store)
		uart_store(where, (uint8_t)access->value);
	else
		access->value = uart_load(where);
	__atomic_store_n(&uart.locked, 0, __ATOMIC_RELEASE);
	return HPTE_MMIO_DONE;
}

/*
 * Registers of a byte each; wider ones are made of them.  @access->value is a
 * number; which of its bytes lies first is the device's order.
 */
static enum hpte_mmio_result scratch(struct hpte_mmio_access *access,
				     uint8_t *bytes, bool big_endian)
{
	uint64_t value = 0;

	count(COUNT_MMIO, 1);
	for (unsigned int i = 0; i < access->size; i++) {
		unsigned int place = big_endian ? access->size - 1 - i : i;
		uint8_t *byte = &bytes[access->offset + i];

		if (access->is_store)
			*byte = (uint8_t)(access->value >> 8 * place);
		else
			value |= (uint64_t)*byte << 8 * place;
	}
	if (!access->is_store)
		access->value = value;
	return HPTE_MMIO_DONE;
}

static enum hpte_mmio_result little(void *ctx, struct hpte_mmio_access *access)
{
	return scratch(access, ctx, false);
}

static enum hpte_mmio_result big(void *ctx, struct hpte_mmio_access *access)
{
	return scratch(access, ctx, true);
}

const struct hpte_mmio_ops uart_ops = { sizeof(uart_ops), uart_access };
const struct hpte_mmio_ops little_ops = { sizeof(little_ops), little };
const struct hpte_mmio_ops big_ops = { sizeof(big_ops), big };
