/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/hcall.c - replay an hcall and compare code and registers.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option"
 *
 * What is masked is what the recorder (QEMU 7.2) does against LoPAR, and
 * timing; everything else must be equal bit by bit.
 */
#include "replay.h"
#include "show.h"

#include <inttypes.h>
#include <stddef.h>

#define RETURN_REG	3U
#define FIRST_REG	4U
#define REGISTERS	32U
#define POISON		UINT64_C(0xA5A5A5A500000000)

/* The recorder keeps a mark of its own in a bit that is the hypervisor's. */
#define RECORDER_MARK	HPTE_BIT(57)

/* Response words of H_BULK_REMOVE. */
#define BULK_CODE	HPTE_BITS(0, 3)
#define BULK_SUCCESS	HPTE_BIT(0)
#define BULK_RC		HPTE_BITS(4, 5)
#define BULK_RC_MOVED	8	/* bits too low in the recorder's answers */

/* H_LONG_BUSY_ORDER_1_MSEC .. H_LONG_BUSY_ORDER_100_SEC */
#define LONG_BUSY_FIRST	9900
#define LONG_BUSY_LAST	9905

struct answer {
	enum hpte_hcall_disposition disposition;
	int64_t ret;
	uint64_t outs[TRACE_REGS];
	bool others_kept;	/* registers that are not the call's */
};

static bool bit_get(const uint8_t *bits, uint32_t number)
{
	return bits[number / 8] >> number % 8 & 1;
}

static void bit_set(uint8_t *bits, uint32_t number)
{
	bits[number / 8] |= (uint8_t)(1U << number % 8);
}

static void count_kind(struct replay_stats *stats, uint32_t opcode, int64_t ret)
{
	struct replay_count *kind = stats->kinds;
	unsigned int i;

	for (i = 0; i < stats->n_kinds; i++, kind++) {
		if (kind->opcode == opcode && kind->ret == ret) {
			kind->times++;
			return;
		}
	}
	if (stats->n_kinds == REPLAY_KINDS) {
		stats->other++;
		return;
	}
	kind->opcode = opcode;
	kind->ret = ret;
	kind->times = 1;
	stats->n_kinds++;
}

/* The recorded answer without what the recorder does on its own. */
static void mask_recorded(const struct trace_hcall *call,
			  struct answer *recorded)
{
	bool success = call->ret == HPTE_H_SUCCESS;
	unsigned int i, last = 0;

	switch (call->opcode) {
	case HPTE_HCALL_READ:
		if (call->args[0] & HPTE_HFLAG_READ_4)
			last = 6;
		for (i = 0; success && i <= last; i += 2)
			recorded->outs[i] &= ~RECORDER_MARK;
		break;
	case HPTE_HCALL_REMOVE:
		if (success)
			recorded->outs[0] &= ~RECORDER_MARK;
		break;
	case HPTE_HCALL_BULK_REMOVE:
		for (i = 0; i < 8; i += 2) {
			uint64_t word = recorded->outs[i];
			uint64_t moved = word & BULK_RC >> BULK_RC_MOVED;

			/* a word the call did not touch is not a response */
			if (word == call->args[i] ||
			    (word & BULK_CODE) != BULK_SUCCESS)
				continue;
			/* exclusive: in both places is nobody's answer */
			recorded->outs[i] = (word & ~moved) ^
					    moved << BULK_RC_MOVED;
		}
		break;
	default:
		break;
	}
}

static bool is_timing(int64_t ret)
{
	return ret == HPTE_H_SUCCESS ||
	       (ret >= LONG_BUSY_FIRST && ret <= LONG_BUSY_LAST);
}

static bool codes_equal(uint32_t opcode, int64_t recorded, int64_t replayed)
{
	if (opcode == HPTE_HCALL_RESIZE_HPT_PREPARE && is_timing(recorded) &&
	    is_timing(replayed))
		return true;	/* how long the host takes for the memory */
	return recorded == replayed;
}

/* Hand the call to the library. */
static void dispatch(struct replay *replay, const struct trace_hcall *call,
		     struct answer *answer)
{
	uint64_t gpr[REGISTERS];
	unsigned int i;

	for (i = 0; i < REGISTERS; i++)
		gpr[i] = POISON + i;
	gpr[RETURN_REG] = call->opcode;
	for (i = 0; i < TRACE_REGS; i++)
		gpr[FIRST_REG + i] = call->args[i];
	answer->disposition = hpte_hcall_dispatch(&replay->guest.vm, gpr, 0);
	answer->ret = (int64_t)gpr[RETURN_REG];
	for (i = 0; i < TRACE_REGS; i++)
		answer->outs[i] = gpr[FIRST_REG + i];
	answer->others_kept = true;
	for (i = 0; i < REGISTERS; i++) {
		if (i == RETURN_REG)
			i = FIRST_REG + TRACE_REGS;
		if (gpr[i] != POISON + i)
			answer->others_kept = false;
	}
}

static bool outs_equal(const uint64_t *recorded, const uint64_t *replayed)
{
	unsigned int i;

	for (i = 0; i < TRACE_REGS; i++) {
		if (recorded[i] != replayed[i])
			return false;
	}
	return true;
}

/* Why an H_ENTER may differ that a 2.07 table would have taken. */
static void explain_format(struct replay *replay,
			   const struct trace_hcall *call, struct text *text)
{
	const struct hpte entry = { call->args[2], call->args[3] };
	struct hpte converted;

	if (call->opcode == HPTE_HCALL_ENTER &&
	    replay->guest.config.format == HPTE_FORMAT_300 &&
	    hpte_entry_to_300(&entry, &converted) != HPTE_OK)
		text_add(text, "  note:     the 3.0 format cannot hold this "
			 "entry: replay with --format=207\n");
}

static void describe(struct replay *replay, const struct trace_hcall *call,
		     const struct answer *recorded,
		     const struct answer *replayed)
{
	struct text *text = replay_mismatch(replay);
	unsigned int i;

	if (!text)
		return;
	show_call(text, call);
	show_answer(text, "recorded:", call, recorded->ret, recorded->outs);
	if (replayed->disposition == HPTE_HCALL_DONE)
		show_answer(text, "replayed:", call, replayed->ret,
			    replayed->outs);
	else
		text_add(text, "  replayed: not answered, the library says "
			 "%s\n",
			 replayed->disposition == HPTE_HCALL_NOT_MINE ?
			 "NOT_MINE" : "AGAIN");
	if (!replayed->others_kept)
		text_add(text, "  replayed: a register other than R3..R12 was "
			 "changed\n");
	for (i = 0; i < TRACE_REGS; i++) {
		if (recorded->outs[i] != replayed->outs[i])
			text_add(text, "  differs:  R%u: recorded %016" PRIx64
				 ", replayed %016" PRIx64 "\n", i + FIRST_REG,
				 recorded->outs[i], replayed->outs[i]);
	}
	explain_format(replay, call, text);
}

/*
 * H_FUNCTION: the recorded hypervisor does not offer the call, so the library
 * is not asked.  Such a call changes nothing, and is never offered.
 */
static void check_not_offered(struct replay *replay,
			      const struct trace_hcall *call)
{
	struct text *text;

	bit_set(replay->refused, call->opcode);
	if (!bit_get(replay->offered, call->opcode) &&
	    outs_equal(call->args, call->outs))
		return;
	text = replay_mismatch(replay);
	if (!text)
		return;
	show_call(text, call);
	show_answer(text, "recorded:", call, call->ret, call->outs);
	text_add(text, bit_get(replay->offered, call->opcode) ?
		 "  differs:  this call was offered before\n" :
		 "  differs:  registers changed by a call that is not "
		 "offered\n");
}

/*
 * A commit replaces the table if, and only if, the recording says so.  A
 * commit that failed leaves the old table, though an ALLOC came before it;
 * a failure that the library does not see is a mismatch already.
 */
static void check_order(struct replay *replay, const struct trace_hcall *call)
{
	unsigned int order = replay->order;
	unsigned int now = hpte_table_order(&replay->guest.table);
	struct text *text;

	if (replay->pending &&
	    (call->ret == HPTE_H_SUCCESS || call->ret == HPTE_H_FUNCTION ||
	     now == replay->pending)) {
		order = replay->pending;
		replay->order = order;
		replay->stats.resizes++;
	}
	replay->pending = 0;
	if (now == order)
		return;
	text = replay_mismatch(replay);
	if (!text)
		return;
	show_call(text, call);
	text_add(text, "  differs:  order of the table afterwards: recorded "
		 "%u, replayed %u\n", order, now);
}

void replay_hcall(struct replay *replay)
{
	const struct trace_hcall *call = &replay->record.u.hcall;
	struct answer recorded = { .ret = call->ret, .others_kept = true };
	struct answer replayed;
	unsigned int i;

	replay->stats.hcalls++;
	count_kind(&replay->stats, call->opcode, call->ret);
	if (call->ret == HPTE_H_FUNCTION) {
		check_not_offered(replay, call);
		check_order(replay, call);
		return;
	}
	bit_set(replay->offered, call->opcode);
	for (i = 0; i < TRACE_REGS; i++)
		recorded.outs[i] = call->outs[i];
	mask_recorded(call, &recorded);
	dispatch(replay, call, &replayed);
	if (replayed.disposition != HPTE_HCALL_DONE || !replayed.others_kept ||
	    bit_get(replay->refused, call->opcode) ||
	    !codes_equal(call->opcode, recorded.ret, replayed.ret) ||
	    !outs_equal(recorded.outs, replayed.outs))
		describe(replay, call, &recorded, &replayed);
	check_order(replay, call);
}
