/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/xlate.c - from an effective address to guest real storage.
 *
 * Layer: 3 (services).
 *
 * References
 *	[ISA]	Power ISA, Book III, "Address Translation", "Virtual Real
 *		Mode Area"
 *
 * Real mode is a segment like any other: the VRMA, 1T at VSID 0x1FFFFFF with
 * all keys 0.  So every access has a descriptor, and there is one way to
 * translate.
 */
#include "hpte/xlate.h"
#include "hpte/insn.h"
#include "libhpte/internal.h"

#define VRMA_VSID	UINT64_C(0x1FFFFFF)
#define VRMA_SEGMENT	(HPTE_SLB_B_1T | VRMA_VSID << 24)
#define VRMA_SLOT	7U
#define SLB_ESID_V	HPTE_BIT(36)
#define ESID_256M	HPTE_BITS(0, 35)
#define ESID_1T		HPTE_BITS(0, 23)
#define REAL_IGNORED	HPTE_BITS(0, 3)
#define REAL_ABOVE_1T	HPTE_BITS(4, 23)
#define REAL_LIMIT	HPTE_BIT(3)	/* real addresses have 60 bits */
#define MAP_BITS	(HPTE_DW1_PPP | HPTE_DW1_KEY | HPTE_DW1_RC | \
			 HPTE_DW1_WIMG | HPTE_DW1_N)

int hpte_xlate_segment(const struct hpte_slb *slb, size_t count, uint64_t ea,
		       uint64_t *descriptor)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t one_tb = slb[i].descriptor & HPTE_SLB_B_1T;
		uint64_t mask = one_tb ? ESID_1T : ESID_256M;

		if (!(slb[i].esid & SLB_ESID_V) || ((slb[i].esid ^ ea) & mask))
			continue;
		*descriptor = slb[i].descriptor;
		return HPTE_OK;
	}
	return HPTE_ERR_NOTFOUND;
}

bool hpte_xlate_translated(const struct hpte_access *access)
{
	uint64_t bit = access->kind & HPTE_EXECUTE ? HPTE_MSR_IR : HPTE_MSR_DR;

	return (access->msr & bit) != 0;
}

uint64_t hpte_xlate_descriptor(const struct hpte_access *access)
{
	return hpte_xlate_translated(access) ? access->descriptor :
					       access->vrma;
}

/* The address in the access's segment; false: above the VRMA. */
static bool address(const struct hpte_access *access, uint64_t *ea)
{
	*ea = access->ea;
	if (hpte_xlate_translated(access))
		return true;
	*ea &= ~REAL_IGNORED;
	return !(*ea & REAL_ABOVE_1T);
}

int hpte_xlate_va(const struct hpte_access *access, struct hpte_va *va)
{
	uint64_t ea;

	if (!address(access, &ea))
		return HPTE_ERR_NOTFOUND;
	return hpte_hash_va(hpte_xlate_descriptor(access), ea, va);
}

unsigned int hpte_xlate_rights(const struct hpte_access *access, uint64_t dw1)
{
	bool problem = (access->msr & HPTE_MSR_PR) != 0;
	uint64_t descriptor = hpte_xlate_descriptor(access);
	unsigned int rights = hpte_entry_rights(dw1, descriptor, problem);

	if (!hpte_xlate_translated(access))
		return rights;
	return rights & hpte_entry_key_rights(hpte_entry_key(dw1), access->amr,
					      access->iamr);
}

int hpte_xlate_access(const struct hpte_table *table,
		      const struct hpte_access *access,
		      struct hpte_translation *result)
{
	struct hpte_view view;
	uint64_t ea, in_page;
	int status;

	if (!address(access, &ea))
		return HPTE_ERR_NOTFOUND;
	status = hpte_table_find_ea(table, hpte_xlate_descriptor(access), ea, 0,
				    &view);
	if (status != HPTE_OK)
		return status;
	in_page = ea & ((UINT64_C(1) << view.page.actual) - 1);
	result->gpa = hpte_entry_real(view.guest.dw1, view.page.actual) |
		      in_page;
	result->rights = hpte_xlate_rights(access, view.guest.dw1);
	result->view = view;
	return HPTE_OK;
}

/* One instruction word at a guest real address, as a number. */
static bool read_word(const struct hpte_table *table, uint64_t gpa, bool little,
		      uint32_t *word)
{
	const struct hpte_host_ops *ops = table->priv_ops;
	uint8_t bytes[4];
	uint32_t value;

	if (!ops || !ops->guest_read ||
	    !ops->guest_read(table->priv_ctx, gpa, bytes, sizeof(bytes)))
		return false;
	value = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
		(uint32_t)bytes[2] << 8 | bytes[3];
	*word = little ? __builtin_bswap32(value) : value;
	return true;
}

int hpte_xlate_fetch(const struct hpte_table *table,
		     const struct hpte_access *access, uint32_t words[2])
{
	bool little = (access->msr & HPTE_MSR_LE) != 0;
	struct hpte_access fetch = *access;
	struct hpte_translation where;
	uint32_t read[2] = { 0, 0 };
	int status;

	fetch.kind = HPTE_EXECUTE;
	if (!(fetch.msr & HPTE_MSR_SF))
		fetch.ea &= UINT32_MAX;
	status = hpte_xlate_access(table, &fetch, &where);
	if (status != HPTE_OK)
		return status;
	if (!(where.rights & HPTE_EXECUTE) ||
	    !read_word(table, where.gpa & ~UINT64_C(3), little, &read[0]))
		return HPTE_ERR_NOTFOUND;
	/* a prefix is never the last word of 64 bytes, nor thus of a page */
	if (hpte_insn_is_prefix(read[0]) && (fetch.ea & 63) != 60 &&
	    !read_word(table, (where.gpa & ~UINT64_C(3)) + 4, little, &read[1]))
		return HPTE_ERR_NOTFOUND;
	words[0] = read[0];
	words[1] = read[1];
	return HPTE_OK;
}

uint64_t hpte_xlate_vrma(unsigned int base)
{
	/* [ISA: SLB Entry] L || LP of the page size */
	switch (base) {
	case 12:
		return VRMA_SEGMENT;
	case 16:
		return VRMA_SEGMENT | HPTE_SLB_L | HPTE_BIT(59);
	case 24:
		return VRMA_SEGMENT | HPTE_SLB_L;
	default:
		return 0;
	}
}

/* The entry for one page of a segment, without RPN. */
static int page_entry(uint64_t descriptor, uint64_t ea, struct hpte *entry,
		      struct hpte_va *va)
{
	uint64_t l, lp;
	int status = hpte_hash_va(descriptor, ea, va);

	if (status != HPTE_OK)
		return status;
	status = hpte_entry_page_bits(va->base, va->base, &l, &lp);
	if (status != HPTE_OK)
		return status;
	entry->dw0 = hpte_hash_dw0(va) | HPTE_DW0_BOLTED | l | HPTE_DW0_V;
	entry->dw1 = lp;
	return HPTE_OK;
}

int hpte_xlate_map_vrma(struct hpte_table *table, uint64_t bytes,
			unsigned int base, uint64_t *mapped)
{
	uint64_t descriptor = hpte_xlate_vrma(base);
	uint64_t groups = table->priv_entries / HPTE_GROUP_ENTRIES;
	uint64_t limit = UINT64_C(1) << 40;
	uint64_t real = 0;

	if (!descriptor)
		return HPTE_ERR_PARAM;
	/* one entry a group: all of them are in slot 7 */
	if (groups < limit >> base)
		limit = groups << base;
	if (bytes < limit)
		limit = bytes;
	for (; real + (UINT64_C(1) << base) <= limit;
	     real += UINT64_C(1) << base) {
		struct hpte entry;
		struct hpte_va va;
		uint64_t group, where;

		if (page_entry(descriptor, real, &entry, &va) != HPTE_OK)
			break;
		entry.dw1 |= real | HPTE_DW1_RC | HPTE_DW1_M;
		group = hpte_hash_group(hpte_hash_primary(&va), false,
					table->priv_order);
		if (hpte_table_insert(table, group * HPTE_GROUP_ENTRIES +
				      VRMA_SLOT, HPTE_INSERT_EXACT, &entry,
				      NULL, &where) != HPTE_OK)
			break;
	}
	*mapped = real;
	return HPTE_OK;
}

static int map_page(struct hpte_table *table, const struct hpte_va *va,
		    struct hpte *entry)
{
	uint64_t hash = hpte_hash_primary(va);
	uint64_t group = hpte_hash_group(hash, false, table->priv_order);
	uint64_t where;
	int status = hpte_table_insert(table, group * HPTE_GROUP_ENTRIES, 0,
				       entry, NULL, &where);

	if (status != HPTE_ERR_FULL)
		return status;
	entry->dw0 |= HPTE_DW0_H;
	group = hpte_hash_group(hash, true, table->priv_order);
	return hpte_table_insert(table, group * HPTE_GROUP_ENTRIES, 0, entry,
				 NULL, &where);
}

int hpte_xlate_map_segment(struct hpte_table *table, uint64_t descriptor,
			   uint64_t ea, uint64_t gpa, uint64_t bytes,
			   uint64_t bits)
{
	struct hpte entry;
	struct hpte_va va;
	uint64_t size;
	int status = page_entry(descriptor, ea, &entry, &va);

	if (status != HPTE_OK)
		return status;
	size = UINT64_C(1) << va.base;
	if ((bits & ~MAP_BITS) || ((ea | gpa | bytes) & (size - 1)) ||
	    bytes > (UINT64_C(1) << va.segment) - va.offset ||
	    (gpa & ~HPTE_DW1_ARPN) || bytes > REAL_LIMIT - gpa)
		return HPTE_ERR_PARAM;
	for (uint64_t done = 0; done < bytes; done += size) {
		status = page_entry(descriptor, ea + done, &entry, &va);
		if (status != HPTE_OK)
			return status;
		entry.dw1 |= (gpa + done) | bits;
		status = map_page(table, &va, &entry);
		if (status != HPTE_OK)
			return status;
	}
	return HPTE_OK;
}

uint64_t hpte_xlate_sdr1(uint64_t base, unsigned int order)
{
	return (base & HPTE_BITS(4, 45)) | (order - HPTE_ORDER_MIN);
}

uint64_t hpte_xlate_pate0(uint64_t base, unsigned int order, uint64_t vrma)
{
	/* PS, bits 56:58, is L || LP of the VRMA */
	uint64_t ps = (vrma & HPTE_SLB_L) >> 1 | (vrma & HPTE_SLB_LP) << 1;

	return (base & HPTE_BITS(4, 45)) | ps | (order - HPTE_ORDER_MIN);
}

uint64_t hpte_xlate_vrmasd(uint64_t vrma)
{
	/* L goes to bit 12, LP to bits 15:16 */
	return (vrma & (HPTE_SLB_L | HPTE_SLB_LP)) << 43;
}
