/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/peer_resize_states.c - resize as a state machine: every call,
 * with every answer of the host, in every state.
 *
 * Bugs 6-11 and 29 of COVERAGE.md.  The machine is written down here once
 * more, from [LoPAR: H_RESIZE_HPT_PREPARE, H_RESIZE_HPT_COMMIT] with the
 * library's two choices: a refused PREPARE leaves what is pending alone, and
 * COMMIT asks a host that is still preparing.
 */
#include "fixture.h"

enum pending { NONE, PREPARING, READY };

struct machine {
	enum pending pending;
	unsigned int order;	/* of what is pending */
	unsigned int active;	/* order of the table in use */
};

/* The calls; a flag or a size that is wrong is one of them. */
static const struct step {
	uint64_t opcode;
	uint64_t flags;
	uint64_t shift;
} steps[] = {
	{ HPTE_HCALL_RESIZE_HPT_PREPARE, 0, 19 },
	{ HPTE_HCALL_RESIZE_HPT_PREPARE, 0, 20 },
	{ HPTE_HCALL_RESIZE_HPT_PREPARE, 0, 0 },
	{ HPTE_HCALL_RESIZE_HPT_PREPARE, 1, 19 },
	{ HPTE_HCALL_RESIZE_HPT_PREPARE, 0, 17 },
	{ HPTE_HCALL_RESIZE_HPT_PREPARE, 0, 21 },	/* above order_max */
	{ HPTE_HCALL_RESIZE_HPT_COMMIT, 0, 19 },
	{ HPTE_HCALL_RESIZE_HPT_COMMIT, 0, 20 },
	{ HPTE_HCALL_RESIZE_HPT_COMMIT, 0, 0 },
	{ HPTE_HCALL_RESIZE_HPT_COMMIT, 1, 19 },
};

#define STEPS		(sizeof(steps) / sizeof(steps[0]))
#define HOSTS		3U	/* HPTE_HOST_* */
#define MOVES		((unsigned int)(STEPS * HOSTS))

static int64_t ask_host(struct machine *m, enum hpte_host_result host)
{
	switch (host) {
	case HPTE_HOST_DONE:
		m->pending = READY;
		return HPTE_H_SUCCESS;
	case HPTE_HOST_LATER:
		m->pending = PREPARING;
		return HPTE_H_LONG_BUSY_10_MS;
	default:
		m->pending = NONE;
		return HPTE_H_RESOURCE;
	}
}

static int64_t expect_prepare(struct machine *m, const struct step *step,
			      enum hpte_host_result host)
{
	if (step->flags)
		return HPTE_H_PARAMETER;
	if (!step->shift) {
		m->pending = NONE;
		return HPTE_H_SUCCESS;
	}
	if (step->shift < 18)
		return HPTE_H_PARAMETER;
	if (step->shift > 20)
		return HPTE_H_RESOURCE;
	if (m->pending == READY && m->order == step->shift)
		return HPTE_H_SUCCESS;
	m->order = (unsigned int)step->shift;
	return ask_host(m, host);
}

static int64_t expect_commit(struct machine *m, const struct step *step,
			     enum hpte_host_result host)
{
	int64_t code;

	if (m->pending == NONE || step->flags || step->shift != m->order)
		return HPTE_H_CLOSED;
	if (m->pending == PREPARING) {
		code = ask_host(m, host);
		if (code == HPTE_H_LONG_BUSY_10_MS)
			return HPTE_H_BUSY;
		if (code != HPTE_H_SUCCESS)
			return HPTE_H_CLOSED;
	}
	m->active = m->order;
	m->pending = NONE;
	return HPTE_H_SUCCESS;
}

/* One move, on the machine and on the library. */
static void move(struct fixture *f, struct machine *m, unsigned int number)
{
	const struct step *step = &steps[number % STEPS];
	enum hpte_host_result host =
		(enum hpte_host_result)(number / STEPS % HOSTS);
	bool first = hpte_table_base(&f->table) == f->first.memory.base;
	unsigned int frees = f->host.calls.free;
	struct hcall call;
	int64_t want;

	want = step->opcode == HPTE_HCALL_RESIZE_HPT_PREPARE ?
	       expect_prepare(m, step, host) : expect_commit(m, step, host);
	f->host.alloc_result = host;
	assert_int_equal(HCALL(f, &call, step->opcode, step->flags,
			       step->shift), want);
	assert_int_equal(hpte_table_order(&f->table), m->active);
	/* Each table is given back once, and never the one in use. */
	if (f->host.calls.free != frees)
		assert_ptr_not_equal(f->host.freed.base,
				     hpte_table_base(&f->table));
	first = first && hpte_table_base(&f->table) == f->first.memory.base;
	assert_int_equal(f->host.tables, (m->pending == READY) + !first);
	assert_int_equal(f->host.calls.stop, f->host.calls.start);
}

static void start(struct fixture *f, struct machine *m)
{
	f->caps.order_max = 20;
	f->order = 18;
	fixture_restart(f);
	fake_host_fini(&f->host);
	m->pending = NONE;
	m->order = 0;
	m->active = 18;
}

static void bug_6_11_29_every_pair_of_moves(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int a, b;

	for (a = 0; a < MOVES; a++) {
		for (b = 0; b < MOVES; b++) {
			struct machine m;

			start(f, &m);
			move(f, &m, a);
			move(f, &m, b);
		}
	}
}

static void bug_6_11_29_long_walks(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct machine m;
	unsigned int i;

	start(f, &m);
	for (i = 0; i < 2000; i++) {
		move(f, &m, (unsigned int)test_random_below(&f->random,
							    MOVES));
		if (i % 100 != 99)
			continue;
		/* The table in use is one. */
		f->order = m.active;
		e = entry_make(f, ENTRY_4K, i, false, ENTRY_RW);
		hcall_enter(f, &e, 0);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(bug_6_11_29_every_pair_of_moves),
		TEST_EVERY_KIND(bug_6_11_29_long_walks),
	};

	return TEST_RUN("peer_resize_states", tests);
}
