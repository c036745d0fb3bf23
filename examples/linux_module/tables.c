/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/linux_module/tables.c - one thread: the table, and hypercalls.
 */
#include "selftest.h"

#include <linux/slab.h>

/* Every slot has an entry: page n is the one in group n % groups. */
static void fill(struct subject *subject)
{
	uint64_t n, where;

	for (n = 0; n < TABLE_ENTRIES; n++) {
		struct hpte entry = entry_of(n, false);

		where = TABLE_ENTRIES;
		CHECK(hpte_table_insert(&subject->table, group_of(n, false), 0,
					&entry, NULL, &where) == HPTE_OK);
		CHECK(where / HPTE_GROUP_ENTRIES ==
		      group_of(n, false) / HPTE_GROUP_ENTRIES);
	}
}

static void find_all(struct subject *subject)
{
	struct hpte_view view;
	uint64_t n;

	for (n = 0; n < TABLE_ENTRIES; n++) {
		struct hpte_va va = va_of(n);

		view.guest.dw1 = 0;
		CHECK(hpte_table_find(&subject->table, &va, 0, &view) ==
		      HPTE_OK);
		CHECK(view.guest.dw1 == entry_of(n, false).dw1);
	}
}

static void remove_all(struct subject *subject)
{
	struct hpte_condition only = { HPTE_IF_AVPN, 0 };
	struct hpte removed;
	uint64_t index;

	for (index = 0; index < TABLE_ENTRIES; index++) {
		struct hpte_view view;

		CHECK(hpte_table_read(&subject->table, index, &view) ==
		      HPTE_OK);
		/* not this one, this one, nothing any more */
		only.value = (view.guest.dw0 & HPTE_DW0_AVPN) ^ HPTE_BIT(56);
		CHECK(hpte_table_remove(&subject->table, index, &only,
					&removed) == HPTE_ERR_NOTFOUND);
		only.value ^= HPTE_BIT(56);
		CHECK(hpte_table_remove(&subject->table, index, &only,
					&removed) == HPTE_OK);
		CHECK(removed.dw1 == view.guest.dw1);
		CHECK(hpte_table_remove(&subject->table, index, NULL,
					&removed) == HPTE_ERR_NOTFOUND);
	}
}

void test_table(unsigned int flags)
{
	struct subject *subject = subject_new(flags);
	struct hpte more = entry_of(TABLE_ENTRIES, false);	/* group 0 */
	struct hpte_view view;
	uint64_t where;

	CHECK(subject);
	if (!subject)
		return;
	fill(subject);
	find_all(subject);
	CHECK(hpte_table_insert(&subject->table, 0, 0, &more, NULL, &where) ==
	      HPTE_ERR_FULL);
	CHECK(hpte_table_insert(&subject->table, TABLE_ENTRIES, 0, &more, NULL,
				&where) == HPTE_ERR_INDEX);
	CHECK(hpte_table_read(&subject->table, TABLE_ENTRIES, &view) ==
	      HPTE_ERR_INDEX);
	remove_all(subject);
	CHECK(hpte_table_read(&subject->table, 0, &view) == HPTE_ERR_NOTFOUND);
	subject_free(subject);
}

static int64_t hcall(struct hpte_vm *vm, uint64_t *gpr, uint64_t code,
		     uint64_t flags, uint64_t index)
{
	gpr[3] = code;
	gpr[4] = flags;
	gpr[5] = index;
	if (hpte_hcall_dispatch(vm, gpr, 0) != HPTE_HCALL_DONE)
		return HPTE_H_HARDWARE;
	return (int64_t)gpr[3];
}

void test_hcalls(void)
{
	struct subject *subject = subject_new(0);
	struct hpte entry = entry_of(3, false);
	uint64_t gpr[32] = { 0 }, index;
	struct hpte_vm *vm = kzalloc(sizeof(*vm), GFP_KERNEL);

	CHECK(subject && vm);
	if (!subject || !vm)
		goto out;
	hpte_hcall_init(vm, &subject->table);
	gpr[6] = entry.dw0 | HPTE_DW0_V;
	gpr[7] = entry.dw1;
	CHECK(hcall(vm, gpr, HPTE_HCALL_ENTER, 0, group_of(3, false)) ==
	      HPTE_H_SUCCESS);
	index = gpr[4];
	CHECK(index / HPTE_GROUP_ENTRIES ==
	      group_of(3, false) / HPTE_GROUP_ENTRIES);
	CHECK(hcall(vm, gpr, HPTE_HCALL_READ, 0, index) == HPTE_H_SUCCESS);
	CHECK(gpr[4] == (entry.dw0 | HPTE_DW0_V) && gpr[5] == entry.dw1);
	CHECK(hcall(vm, gpr, HPTE_HCALL_REMOVE, 0, index) == HPTE_H_SUCCESS);
	CHECK(gpr[5] == entry.dw1);
	CHECK(hcall(vm, gpr, HPTE_HCALL_REMOVE, 0, index) ==
	      HPTE_H_NOT_FOUND);
	CHECK(hcall(vm, gpr, HPTE_HCALL_REMOVE, 0, TABLE_ENTRIES) ==
	      HPTE_H_PARAMETER);
out:
	kfree(vm);
	if (subject)
		subject_free(subject);
}
