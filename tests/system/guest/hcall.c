/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest/hcall.c - hypercalls [LoPAR] and the visor's own.
 */
#include "tests/system/platform/abi.h"
#include "guest.h"

int64_t hcall(uint64_t opcode, uint64_t r4, uint64_t r5, uint64_t r6,
	      uint64_t r7)
{
	uint64_t r[10] = { opcode, r4, r5, r6, r7 };

	(void)hcall_registers(r);
	return (int64_t)r[0];
}

int64_t hcall_out(uint64_t out[2], uint64_t opcode, uint64_t r4, uint64_t r5,
		  uint64_t r6, uint64_t r7)
{
	uint64_t r[10] = { opcode, r4, r5, r6, r7 };

	(void)hcall_registers(r);
	out[0] = r[1];
	out[1] = r[2];
	return (int64_t)r[0];
}

int64_t entry_read(uint64_t out[2], uint64_t ptex)
{
	return hcall_out(out, H_READ, 0, ptex, 0, 0);
}

int64_t entry_raw(uint64_t out[2], uint64_t ptex)
{
	return hcall_out(out, VISOR_RAW, ptex, 0, 0, 0);
}

uint64_t entry_of_real_mode(uint64_t real)
{
	/* [LoPAR: virtual real mode area] */
	static const struct segment area = {
		.ea = 0, .vsid = 0x1ffffff, .shift = 40, .base = 16,
	};
	struct page page = { .segment = &area, .ea = real };
	uint64_t group = page_group(&page) * 8, entry[2];

	page_entry(&page);
	for (uint64_t ptex = group; ptex < group + 8; ptex++)
		if (entry_read(entry, ptex) == H_SUCCESS &&
		    (entry[0] & DW0_AVPN) == (page.dw0 & DW0_AVPN) &&
		    (entry[1] & UINT64_C(0x0ffffffffff0000)) ==
			    (real & ~(FRESH - 1)))
			return ptex;
	return ~UINT64_C(0);
}

int64_t table_prepare(uint64_t order)
{
	int64_t code;

	do {
		code = hcall(H_PREPARE, 0, order, 0, 0);
	} while (code >= H_LONG_BUSY);
	return code;
}

int64_t table_resize(unsigned int order)
{
	int64_t code = table_prepare(order);

	if (code == H_SUCCESS)
		code = hcall(H_COMMIT, 0, order, 0, 0);
	if (code == H_SUCCESS)
		table_order = order;
	return code;
}

uint64_t count(unsigned int which)
{
	uint64_t out[2];

	return hcall_out(out, VISOR_COUNT, which, 0, 0, 0) == H_SUCCESS ?
		out[0] : 0;
}
