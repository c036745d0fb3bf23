/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/lookup.c - replay a table search, and the R or C it has set.
 *
 * References
 *	[ISA]	Power ISA Version 2.07 B, Book III-S, "Hashed Page Table
 *		Search", "Storage Protection", "Data Storage Interrupt"
 */
#include "replay.h"
#include "show.h"

#include <inttypes.h>

/* DSISR and SRR1 bits of a storage interrupt. */
#define FAULT_NO_PTE		0x40000000U
#define FAULT_NO_EXECUTE	0x10000000U	/* SRR1: N or G */
#define FAULT_PROTECTION	0x08000000U
#define FAULT_STORE		0x02000000U	/* DSISR */
#define FAULT_KEY		0x00200000U	/* AMR or IAMR */

/* Bytes of a big-endian entry that hold R and C. */
#define R_BYTE			14U
#define C_BYTE			15U
#define R_IN_BYTE		0x01U
#define C_IN_BYTE		0x80U

static unsigned int right_needed(uint32_t info)
{
	switch (TRACE_ACCESS(info)) {
	case TRACE_LOAD:
		return HPTE_READ;
	case TRACE_STORE:
		return HPTE_WRITE;
	default:
		return HPTE_EXECUTE;
	}
}

/* Why the access is refused, in the bits of the interrupt it causes. */
static uint32_t fault_bits(const struct trace_lookup *in, uint64_t dw1,
			   unsigned int page, unsigned int key)
{
	unsigned int need = right_needed(in->info);
	uint32_t fault = need & ~key ? FAULT_KEY : 0;

	switch (TRACE_ACCESS(in->info)) {
	case TRACE_FETCH:
		if (dw1 & (HPTE_DW1_N | HPTE_DW1_G))
			return fault | FAULT_NO_EXECUTE;
		break;
	case TRACE_STORE:
		fault |= FAULT_STORE;
		break;
	default:
		break;
	}
	return need & ~page ? fault | FAULT_PROTECTION : fault;
}

/* Fill in what follows from the entry found. */
static void judge(const struct hpte_view *view, struct trace_lookup *out)
{
	uint64_t dw1 = view->guest.dw1;
	bool problem = (out->info & TRACE_PROBLEM) != 0;
	unsigned int need = right_needed(out->info);
	unsigned int actual = view->page.actual;
	unsigned int page = hpte_entry_rights(dw1, out->descriptor, problem);
	unsigned int key = hpte_entry_key_rights(hpte_entry_key(dw1), out->amr,
						 out->iamr);
	unsigned int rights = page & key;
	uint32_t outcome = TRACE_OUTCOME_OK;

	out->ptex = view->index;
	out->pte0 = view->guest.dw0;
	out->pte1 = dw1;
	if (need & ~rights) {
		outcome = TRACE_OUTCOME_PROTECTED;
		out->fault = fault_bits(out, dw1, page, key);
	} else {
		out->raddr = hpte_entry_real(dw1, actual) |
			     (out->ea & ((UINT64_C(1) << actual) - 1));
	}
	/* the recorder's MMU takes the next store as its cue to set C */
	if (!(dw1 & HPTE_DW1_C) && need != HPTE_WRITE)
		rights &= ~HPTE_WRITE;
	out->info |= rights << TRACE_RIGHTS_SHIFT |
		     (uint32_t)actual << TRACE_ACTUAL_SHIFT |
		     outcome << TRACE_OUTCOME_SHIFT;
}

/* Search as the recorder did; false: no entry in @view. */
static bool search(const struct replay *replay, const struct trace_lookup *in,
		   struct trace_lookup *out, struct hpte_view *view)
{
	bool store = TRACE_ACCESS(in->info) == TRACE_STORE;
	struct hpte_va va;
	int status;

	*out = *in;
	out->info &= TRACE_INPUT;
	out->ptex = TRACE_NO_PTEX;
	out->pte0 = 0;
	out->pte1 = 0;
	out->raddr = 0;
	out->fault = 0;
	status = hpte_hash_va(in->descriptor, in->ea, &va);
	if (status == HPTE_OK)
		out->info |= (uint32_t)va.base << TRACE_BASE_SHIFT;
	/* a segment's N is looked at before the table is */
	if (TRACE_ACCESS(in->info) == TRACE_FETCH &&
	    (in->descriptor & HPTE_SLB_N)) {
		out->info |= TRACE_OUTCOME_SEGMENT << TRACE_OUTCOME_SHIFT;
		out->fault = FAULT_NO_EXECUTE;
		return false;
	}
	if (status != HPTE_OK ||
	    hpte_table_find(&replay->guest.table, &va, 0, view) != HPTE_OK) {
		out->info |= TRACE_OUTCOME_NO_PTE << TRACE_OUTCOME_SHIFT;
		out->fault = FAULT_NO_PTE | (store ? FAULT_STORE : 0);
		return false;
	}
	judge(view, out);
	return true;
}

/*
 * Bits of info that the format leaves open: the rights that are recorded
 * beside a refusal do not say whether C=0 has been applied, and those of a
 * data access do not say whether the segment's N has.
 */
static uint32_t open_bits(const struct trace_lookup *out)
{
	uint32_t open = 0;

	if (TRACE_OUTCOME(out->info) == TRACE_OUTCOME_PROTECTED &&
	    TRACE_ACCESS(out->info) != TRACE_STORE &&
	    !(out->pte1 & HPTE_DW1_C))
		open |= HPTE_WRITE << TRACE_RIGHTS_SHIFT;
	if (out->descriptor & HPTE_SLB_N)
		open |= HPTE_EXECUTE << TRACE_RIGHTS_SHIFT;
	return open;
}

static bool lookups_equal(const struct trace_lookup *recorded,
			  const struct trace_lookup *replayed)
{
	uint64_t recorder_mark = HPTE_BIT(57);

	/* a probe raises no interrupt: it may be recorded without its bits */
	if (recorded->fault != replayed->fault &&
	    (recorded->fault || (recorded->info & TRACE_VISIBLE)))
		return false;
	return recorded->ptex == replayed->ptex &&
	       (recorded->pte0 & ~recorder_mark) == replayed->pte0 &&
	       recorded->pte1 == replayed->pte1 &&
	       recorded->raddr == replayed->raddr &&
	       !((recorded->info ^ replayed->info) & ~open_bits(replayed));
}

static void show_side(struct text *text, const char *who,
		      const struct trace_lookup *side)
{
	const char *outcome = show_outcome(TRACE_OUTCOME(side->info));

	text_add(text, "  %s %s, rights %s%s%s, base 2^%u actual 2^%u, "
		 "fault 0x%08" PRIx32 ", real 0x%" PRIx64 "\n            ", who,
		 outcome ? outcome : "unknown outcome",
		 side->info & HPTE_READ << TRACE_RIGHTS_SHIFT ? "R" : "-",
		 side->info & HPTE_WRITE << TRACE_RIGHTS_SHIFT ? "W" : "-",
		 side->info & HPTE_EXECUTE << TRACE_RIGHTS_SHIFT ? "X" : "-",
		 (unsigned int)(side->info >> TRACE_BASE_SHIFT & 0xFF),
		 (unsigned int)(side->info >> TRACE_ACTUAL_SHIFT & 0xFF),
		 side->fault, side->raddr);
	if (side->ptex == TRACE_NO_PTEX) {
		text_add(text, "no entry found\n");
		return;
	}
	text_add(text, "index 0x%" PRIx64 ": ", side->ptex);
	show_entry(text, side->pte0, side->pte1, side->ptex);
}

static void describe_lookup(struct text *text,
			    const struct trace_lookup *recorded,
			    const struct trace_lookup *replayed)
{
	static const char *const accesses[] = {
		"load", "store", "fetch", "access"
	};

	text_add(text, "  lookup:   %s from %s state on CPU %" PRIu32
		 ", EA 0x%" PRIx64 ", segment descriptor 0x%" PRIx64
		 ", AMR 0x%" PRIx64 ", IAMR 0x%" PRIx64 "\n",
		 accesses[TRACE_ACCESS(recorded->info)],
		 recorded->info & TRACE_PROBLEM ? "problem" : "supervisor",
		 recorded->cpu, recorded->ea, recorded->descriptor,
		 recorded->amr, recorded->iamr);
	show_side(text, "recorded:", recorded);
	show_side(text, "replayed:", replayed);
}

void replay_lookup(struct replay *replay)
{
	const struct trace_lookup *recorded = &replay->record.u.lookup;
	uint32_t outcome = TRACE_OUTCOME(recorded->info);
	struct trace_lookup replayed;
	struct hpte_view view;
	struct text *text;
	bool found;

	if (TRACE_ACCESS(recorded->info) > TRACE_FETCH ||
	    !show_outcome(outcome)) {
		replay_damaged(replay, "LOOKUP record with unknown access or "
			       "outcome (info 0x%08" PRIx32 ")",
			       recorded->info);
		return;
	}
	replay->stats.lookups++;
	replay->stats.outcomes[outcome]++;
	found = search(replay, recorded, &replayed, &view);
	if (!lookups_equal(recorded, &replayed)) {
		text = replay_mismatch(replay);
		if (text)
			describe_lookup(text, recorded, &replayed);
	}
	if (!found || TRACE_OUTCOME(replayed.info) != TRACE_OUTCOME_OK ||
	    !replay->guest.config.walker || (view.state & HPTE_VIEW_MMIO))
		return;
	if (guest_access(&replay->guest, &view,
			 TRACE_ACCESS(recorded->info) == TRACE_STORE))
		return;
	text = replay_mismatch(replay);
	text_add(text, "  walker:   the hardware's entry at index 0x%" PRIx64
		 " is not the guest's, mapped to the host's page\n",
		 view.index);
}

/* Set the bit as the machine being replayed on sets it. */
static int set_bit(struct replay *replay, const struct hpte_view *view,
		   bool change)
{
	struct guest *guest = &replay->guest;
	uint8_t *bytes;
	int status;

	if (!guest->config.walker || (view->state & HPTE_VIEW_MMIO))
		return hpte_table_set_rc(&guest->table, view,
					 change ? HPTE_DW1_C : HPTE_DW1_R);
	status = guest_promote(guest, view);
	if (status != HPTE_OK)
		return status;
	/* hardware: one byte store into the valid entry */
	bytes = (uint8_t *)hpte_table_base(&guest->table) +
		view->index * HPTE_ENTRY_BYTES;
	if (change)
		bytes[C_BYTE] |= C_IN_BYTE;
	else
		bytes[R_BYTE] |= R_IN_BYTE;
	return HPTE_OK;
}

void replay_rc(struct replay *replay)
{
	const struct trace_rc *rc = &replay->record.u.rc;
	bool change = (rc->what & TRACE_RC_CHANGE) != 0;
	uint64_t bit = change ? HPTE_DW1_C : HPTE_DW1_R;
	struct hpte_view before, after;
	unsigned int expected = 0;
	struct text *text;
	int status;

	if ((rc->what & ~(TRACE_RC_BYTE | TRACE_RC_CHANGE)) ||
	    rc->ptex >= UINT64_C(1) << (replay->order - 4)) {
		replay_damaged(replay, "RC record with impossible contents (0x%"
			       PRIx32 ", entry 0x%" PRIx64 " of a table of "
			       "order %u)", rc->what, rc->ptex, replay->order);
		return;
	}
	replay->stats.rc_updates++;
	status = hpte_table_read(&replay->guest.table, rc->ptex, &before);
	if (status == HPTE_OK) {
		uint64_t dw1 = before.guest.dw1 | bit;

		expected = (unsigned int)(change ? dw1 : dw1 >> 8) & 0xFFU;
		status = set_bit(replay, &before, change);
	}
	if (status == HPTE_OK)
		status = hpte_table_read(&replay->guest.table, rc->ptex,
					 &after);
	if (status == HPTE_OK && expected == (rc->what & TRACE_RC_BYTE) &&
	    after.guest.dw1 == (before.guest.dw1 | bit))
		return;
	text = replay_mismatch(replay);
	text_add(text, "  update:   %c of the entry at index 0x%" PRIx64
		 "\n  recorded: byte 0x%02x\n", change ? 'C' : 'R', rc->ptex,
		 rc->what & TRACE_RC_BYTE);
	if (status == HPTE_OK)
		text_add(text, "  replayed: byte 0x%02x, doubleword 1 then %016"
			 PRIx64 "\n", expected, after.guest.dw1);
	else
		text_add(text, "  replayed: no entry, or not to be changed "
			 "(%d)\n", status);
}
