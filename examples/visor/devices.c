/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/devices.c - the guest's devices, as abi.h lists them.
 */
#include "visor.h"

#define SCRATCH_BYTES	0x1000U
#define ANY_SIZE	(1U | 2U | 4U | 8U)

static enum hpte_mmio_result uart(void *ctx, struct hpte_mmio_access *access)
{
	char c = (char)access->value;

	(void)ctx;
	count(ABI_COUNT_MMIO, 1);
	if (access->is_store && access->offset == ABI_UART_DATA)
		console_write(&c, 1);
	access->value = access->offset == ABI_UART_STATUS ? ABI_UART_READY : 0;
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

	count(ABI_COUNT_MMIO, 1);
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

static enum hpte_mmio_result broken(void *ctx, struct hpte_mmio_access *access)
{
	(void)ctx, (void)access;
	count(ABI_COUNT_MMIO, 1);
	return HPTE_MMIO_FAULT;
}

static enum hpte_mmio_result deaf(void *ctx, struct hpte_mmio_access *access)
{
	(void)ctx, (void)access;
	count(ABI_COUNT_MMIO, 1);
	return HPTE_MMIO_UNCLAIMED;
}

bool devices_add(struct hpte_mmio *bus)
{
	static const struct hpte_mmio_ops uart_ops = { sizeof(uart_ops), uart },
		little_ops = { sizeof(little_ops), little },
		big_ops = { sizeof(big_ops), big },
		broken_ops = { sizeof(broken_ops), broken },
		deaf_ops = { sizeof(deaf_ops), deaf };
	static uint8_t registers[2][SCRATCH_BYTES];
	static struct hpte_mmio_slot slots[5];
	static const struct hpte_mmio_region regions[] = {
		{ ABI_UART, 0x1000, 1, 0, &uart_ops, NULL },
		{ ABI_SCRATCH_LITTLE, SCRATCH_BYTES, ANY_SIZE,
		  HPTE_MMIO_LITTLE_ENDIAN, &little_ops, registers[0] },
		{ ABI_SCRATCH_BIG, SCRATCH_BYTES, ANY_SIZE, 0, &big_ops,
		  registers[1] },
		{ ABI_BUS_ERROR, 0x1000, ANY_SIZE, 0, &broken_ops, NULL },
		{ ABI_UNCLAIMED, 0x1000, ANY_SIZE, 0, &deaf_ops, NULL },
	};

	hpte_mmio_init(bus, slots, 5);
	for (size_t i = 0; i < 5; i++)
		if (hpte_mmio_add(bus, &regions[i]) != HPTE_OK)
			return false;
	return true;
}
