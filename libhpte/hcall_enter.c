/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/hcall_enter.c - H_ENTER.
 *
 * Layer: 3 (services).
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, H_ENTER
 *
 * First everything that can be refused, without side effect: what the entry
 * itself says, then what lies at its address.  Neither depends on whether
 * the host has the page in memory now; that only decides whether the entry
 * is inserted valid or absent.
 */
#include "libhpte/codec.h"
#include "libhpte/hcall_private.h"
#include "libhpte/internal.h"

/* H_ENTER: the request, checked step by step. */
struct enter {
	uint64_t flags;
	uint64_t index;
	struct hpte entry;
	struct hpte_page page;
	uint64_t gpa;
	enum hpte_backing_kind kind;
};

/* What the entry itself says: page size, address, reserved bits. */
static int64_t enter_check_entry(const struct hpte_table *table,
				 struct enter *enter)
{
	const struct hpte_caps *caps = table->priv_caps;
	struct hpte *entry = &enter->entry;
	struct hpte other;
	uint64_t in_page = 0;

	/* B=1x would also end up in the operand of our own tlbie */
	if (entry->dw0 & HPTE_DW0_B & ~HPTE_DW0_B_1T)
		return HPTE_H_PARAMETER;
	if (entry_page(entry->dw0, entry->dw1, &enter->page) != HPTE_OK ||
	    !(caps->page_pairs >> enter->page.pair & 1))
		return HPTE_H_PARAMETER;
	/* DEVIATION: KVM and QEMU accept a 16G page in a 256M segment */
	if (enter->page.base > 28 && !(entry->dw0 & HPTE_DW0_B))
		return HPTE_H_PARAMETER;
	if ((table->priv_flags & TABLE_300) &&
	    hpte_entry_to_300(entry, &other) != HPTE_OK)
		return HPTE_H_PARAMETER;
	/* no search can find an entry with AVPN bits inside its base page */
	if (enter->page.base > 23)
		in_page = ((UINT64_C(1) << (enter->page.base - 23)) - 1) << 7;
	if (caps->strict && (entry->dw0 & in_page))
		return HPTE_H_PARAMETER;
	entry->dw0 &= ~in_page;
	/* DEVIATION: KVM masks a misaligned RPN */
	if (!entry_aligned(entry->dw1, &enter->page))
		return HPTE_H_PARAMETER;
	if (caps->strict && !(entry->dw0 & HPTE_DW0_V))
		return HPTE_H_PARAMETER;
	return HPTE_H_SUCCESS;
}

/* What lies at the address, independent of residency. */
static int64_t enter_check_backing(const struct hpte_table *table,
				   struct enter *enter)
{
	const struct hpte_host_ops *ops = table->priv_ops;
	unsigned int actual = enter->page.actual;
	unsigned int largest = 63;

	enter->gpa = hpte_entry_real(enter->entry.dw1, actual);
	enter->kind = HPTE_BACKING_RAM;
	if (ops && ops->classify)
		enter->kind = ops->classify(table->priv_ctx, enter->gpa,
					    actual, &largest);
	if (enter->kind == HPTE_BACKING_RESCINDED)
		return HPTE_H_RESCINDED;
	if ((enter->kind != HPTE_BACKING_RAM &&
	     enter->kind != HPTE_BACKING_IO) || actual > largest)
		return HPTE_H_PARAMETER;
	if (enter->kind == HPTE_BACKING_IO)
		/* cache-inhibited, not write-through; M and G are free */
		return (enter->entry.dw1 & (HPTE_DW1_W | HPTE_DW1_I)) ==
		       HPTE_DW1_I ? HPTE_H_SUCCESS : HPTE_H_PARAMETER;
	if (actual > 16 &&
	    (enter->flags & (HPTE_HFLAG_ZERO_PAGE | FLAGS_ICACHE)))
		return HPTE_H_TOO_BIG;
	return HPTE_H_SUCCESS;
}

/* ZERO_PAGE and ICACHE flags, on RAM. */
static int64_t enter_prepare_page(const struct hpte_table *table,
				  const struct enter *enter)
{
	const struct hpte_host_ops *ops = table->priv_ops;
	uint64_t bytes = UINT64_C(1) << enter->page.actual;

	if (enter->kind != HPTE_BACKING_RAM)
		return HPTE_H_SUCCESS;
	if (enter->flags & HPTE_HFLAG_ZERO_PAGE) {
		if (!ops || !ops->guest_write)
			return HPTE_H_FUNCTION;
		if (!ops->guest_write(table->priv_ctx, enter->gpa, NULL, bytes))
			return H_AGAIN;
		if (ops->mark_dirty)
			ops->mark_dirty(table->priv_ctx, enter->gpa, bytes);
	}
	if ((enter->flags & FLAGS_ICACHE) && ops && ops->icache_sync)
		ops->icache_sync(table->priv_ctx, enter->gpa, bytes);
	return HPTE_H_SUCCESS;
}

/* The host's page, if there is one to be had now: then V=1 at once. */
static bool enter_map(const struct hpte_table *table, const struct enter *enter,
		      struct hpte_host_page *page)
{
	const struct hpte_host_ops *ops = table->priv_ops;
	unsigned int actual = enter->page.actual;
	uint64_t sequence = 0;
	bool write;

	if (!table_walked(table) || enter->kind != HPTE_BACKING_RAM ||
	    !ops->map_page)
		return false;
	write = hpte_entry_writable(enter->entry.dw1);
	if (ops->inval_begin)
		sequence = ops->inval_begin(table->priv_ctx);
	if (ops->map_page(table->priv_ctx, enter->gpa, actual, write, page) !=
	    HPTE_HOST_DONE)
		return false;
	page->sequence = sequence;
	/* a page that is not what classify() promised: the fault path's */
	return hpte_table_page_fits_(table, page, actual);
}

/* [LoPAR: H_ENTER] R4 flags, R5 PTEX, R6 PTEH, R7 PTEL; out R4 PTEX. */
int64_t hpte_hcall_enter_(struct hpte_vm *vm, uint64_t *gpr)
{
	const uint64_t defined = HPTE_HFLAG_EXACT | HPTE_HFLAG_ZERO_PAGE |
				 HPTE_HFLAG_COALESCE_CAND |
				 HPTE_HFLAG_COMPRESSION | FLAGS_ICACHE;
	struct hpte_table *table = vm->priv_table;
	struct enter enter = { .flags = gpr[4], .index = gpr[5],
			       .entry = { gpr[6], gpr[7] } };
	struct hpte_host_page page;
	unsigned int flags = 0;
	bool mapped;
	int64_t code;
	int status;

	if (flags_refused(table, enter.flags, defined) ||
	    !index_valid(table, enter.index))
		return HPTE_H_PARAMETER;
	if (table->priv_caps->strict && (enter.flags & HPTE_HFLAG_COMPRESSION))
		return HPTE_H_FUNCTION;
	code = enter_check_entry(table, &enter);
	if (code == HPTE_H_SUCCESS)
		code = enter_check_backing(table, &enter);
	if (code != HPTE_H_SUCCESS)
		return code;
	enter.entry.dw1 &= supported_dw1(table->priv_caps);
	mapped = enter_map(table, &enter, &page);
	code = enter_prepare_page(table, &enter);
	if (code != HPTE_H_SUCCESS)
		return code;
	if (enter.flags & HPTE_HFLAG_EXACT)
		flags |= HPTE_INSERT_EXACT;
	if (enter.kind == HPTE_BACKING_IO)
		flags |= HPTE_INSERT_MMIO;
	status = hpte_table_put_(table, enter.index, flags, &enter.entry,
				 mapped ? &page : NULL, &enter.index);
	if (status == HPTE_OK)
		gpr[4] = enter.index;
	return hpte_hcall_from_status(status);
}
