/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/stress/entry.c - from a number to an entry and back.
 */
#include "stress.h"

#define GPA_SHIFT	16U
#define MAY_VARY	(HPTE_DW1_RC | HPTE_DW1_PPP | HPTE_DW1_N)

/* What two neighbouring ids share, spread. */
static uint32_t mix(uint32_t id)
{
	return (id >> 1) * UINT32_C(0x9E3779B1) >> 8;
}

bool is_device(uint32_t id)
{
	return (mix(id) >> 7 & 3) == 0;
}

struct hpte_page page_of(uint32_t id)
{
	struct hpte_page small = { 12, 12, HPTE_PAIR_4K_4K };
	struct hpte_page large = { 16, 16, HPTE_PAIR_64K_64K };

	return (mix(id) >> 5 & 3) == 0 ? large : small;
}

/* The guest's entry, as it may write; R and C zero. */
struct hpte entry_of(uint32_t id)
{
	struct hpte_page page = page_of(id);
	uint32_t bits = mix(id);
	struct hpte entry;
	uint64_t l, lp;

	if (hpte_entry_page_bits(page.base, page.actual, &l, &lp) != HPTE_OK)
		fail("page size");
	entry.dw0 = (uint64_t)(1 + (bits & 7)) << 7 | HPTE_DW0_V | l |
		    (bits >> 3 & 1 ? HPTE_DW0_H : 0) |
		    (bits >> 4 & 1 ? HPTE_DW0_B_1T : 0) |
		    (bits >> 9 & 3 ? 0 : HPTE_BIT(60)) |
		    (bits >> 11 & 7 ? 0 : HPTE_DW0_BOLTED);
	entry.dw1 = (uint64_t)id << GPA_SHIFT | lp | 2 |
		    (is_device(id) ? DEVICE_BIT | HPTE_DW1_I | HPTE_DW1_G :
				     HPTE_DW1_M);
	return entry;
}

uint32_t id_of_gpa(uint64_t gpa)
{
	return (uint32_t)(gpa >> GPA_SHIFT) & (2 * IDS - 1);
}

uint32_t id_of(uint64_t dw1)
{
	return id_of_gpa(dw1 & HPTE_DW1_ARPN);
}

unsigned int state_of(struct run *run, uint32_t id)
{
	return atomic_load(&run->records[id].state);
}

unsigned int add_state(struct run *run, uint32_t id, unsigned int bits)
{
	return atomic_fetch_or(&run->records[id].state, (unsigned short)bits);
}

static void mixed(const struct hpte *entry, const char *who)
{
	fail("%s: mixed entry %016llx %016llx", who,
	     (unsigned long long)entry->dw0, (unsigned long long)entry->dw1);
}

/* An entry that the guest is shown: all of it, and nothing of the host's. */
uint32_t check_guest(struct run *run, const struct hpte *guest,
		     const char *who)
{
	uint32_t id = id_of(guest->dw1);
	struct hpte want;

	if (id >= IDS || !(state_of(run, id) & BEGUN))
		mixed(guest, who);
	want = entry_of(id);
	if (guest->dw0 != want.dw0 || ((guest->dw1 ^ want.dw1) & ~MAY_VARY))
		mixed(guest, who);
	return id;
}

/* An entry with V=1 as hardware sees it, in its own format. */
uint32_t check_walker(struct run *run, const struct hpte *hard,
		      uint8_t *colour)
{
	const uint64_t software = HPTE_BITS(57, 58);
	struct hpte entry = *hard, want;
	uint32_t id = id_of(hard->dw1);

	entry.dw0 &= ~software;
	if (run->kind & KIND_300) {
		if (hpte_entry_from_300(&entry, &entry) != HPTE_OK)
			mixed(hard, "walker, format");
	}
	if (id >= IDS || !(state_of(run, id) & BEGUN))
		mixed(hard, "walker");
	want = entry_of(id);
	if (entry.dw0 != want.dw0 || !(entry.dw1 & HOST_BIT) ||
	    ((entry.dw1 ^ want.dw1) &
	     ~(MAY_VARY | HPTE_DW1_WIMG | HOST_BITS)))
		mixed(hard, "walker");
	*colour = (uint8_t)(entry.dw1 >> COLOUR_SHIFT);
	return id;
}

/* Translations of this entry, or those that allow stores, have ended. */
void check_not_held(struct run *run, uint32_t id, bool writable,
		    const char *after)
{
	uint64_t mask = HELD_VALID | HELD_ID | (writable ? HELD_WRITABLE : 0);
	uint64_t want = HELD_VALID | id | (writable ? HELD_WRITABLE : 0);

	for (unsigned int i = 0; i < HELD; i++) {
		uint64_t held = atomic_load(&run->held[i]);

		if ((held & mask) == want)
			fail("the walker holds id %u after %s, slot %u", id,
			     after, (unsigned int)(held >> HELD_SLOT_SHIFT &
						   (SLOTS - 1)));
	}
}
