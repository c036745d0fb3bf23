/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/compare.c - are the library and the model the same?
 */
#include "descriptor.h"
#include "driver.h"

#include <inttypes.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *const kind_name[] = {
	"mark_dirty", "mark_young", "tlbie", "map_page", "guest_write of zero",
	"guest_write", "icache_sync", "device store", "device load"
};

/* Do the events of a kind together cover a range? */
static bool covered(const struct sim_host *host, enum model_note_kind kind,
		    uint64_t gpa, uint64_t bytes)
{
	uint64_t at = gpa;
	unsigned int i = 0;

	while (i < host->events && at < gpa + bytes) {
		const struct sim_event *event = &host->event[i++];

		if (event->kind != kind || event->gpa > at ||
		    event->gpa + event->bytes <= at)
			continue;
		at = event->gpa + event->bytes;
		i = 0;
	}
	return at >= gpa + bytes;
}

static bool flushed(const struct sim_host *host, const struct model_note *note)
{
	struct tlb_entry named;
	unsigned int i;

	if (host->flush_all)
		return true;
	tlb_model_of(note->dw0, note->dw1, note->index, &named);
	for (i = 0; i < host->events; i++)
		if (host->event[i].kind == MODEL_NOTE_FLUSH &&
		    tlb_model_named(host->event[i].rb, &named))
			return true;
	return false;
}

static bool happened(const struct sim_host *host,
		     const struct model_note *note)
{
	if (note->kind == MODEL_NOTE_FLUSH)
		return flushed(host, note);
	return covered(host, note->kind, note->gpa, note->bytes);
}

static bool explains(const struct model_note *note,
		     const struct sim_event *event)
{
	struct tlb_entry named;

	if (note->kind != event->kind)
		return false;
	if (note->kind == MODEL_NOTE_FLUSH) {
		tlb_model_of(note->dw0, note->dw1, note->index, &named);
		return tlb_model_named(event->rb, &named);
	}
	if (note->kind == MODEL_NOTE_MAP)
		return event->gpa == note->gpa &&
		       event->bytes == note->bytes &&
		       event->from == note->from;
	if (event->gpa < note->gpa ||
	    event->gpa + event->bytes > note->gpa + note->bytes)
		return false;
	return note->kind != MODEL_NOTE_COPY ||
	       event->from - note->from == event->gpa - note->gpa;
}

/* On the way to a failure: what the model thinks the host may be told. */
static void print_notes(const struct driver *d)
{
	size_t i;

	for (i = 0; i < d->model.notes && i < 16; i++) {
		const struct model_note *note = &d->model.note[i];

		print_error("model: %s %s gpa %" PRIx64 " bytes %" PRIx64
			    " from %" PRIx64 " entry %" PRIx64 ": %016" PRIx64
			    " %016" PRIx64 "\n", note->must ? "must" : "may",
			    kind_name[note->kind], note->gpa, note->bytes,
			    note->from, note->index, note->dw0, note->dw1);
	}
}

static void check_event(struct driver *d, const struct sim_event *event)
{
	size_t i;

	for (i = 0; i < d->model.notes; i++)
		if (explains(&d->model.note[i], event))
			return;
	print_notes(d);
	driver_fail(d, "%s without reason: gpa %" PRIx64 " bytes %" PRIx64
		    " from %" PRIx64 " rb %" PRIx64, kind_name[event->kind],
		    event->gpa, event->bytes, event->from, event->rb);
}

static bool is_device(enum model_note_kind kind)
{
	return kind == MODEL_NOTE_STORE || kind == MODEL_NOTE_LOAD;
}

/* Of the accesses the next one, from the nth note on. */
static const struct model_note *next_access(const struct model *model,
					    size_t *nth)
{
	while (*nth < model->notes) {
		const struct model_note *note = &model->note[(*nth)++];

		if (is_device(note->kind))
			return note;
	}
	return NULL;
}

/* Devices see exactly what the model says, in that order. */
static void compare_devices(struct driver *d)
{
	const struct model_note *note;
	unsigned int i;
	size_t nth = 0;

	for (i = 0; i < d->host.events; i++) {
		const struct sim_event *event = &d->host.event[i];

		if (!is_device(event->kind))
			continue;
		note = next_access(&d->model, &nth);
		if (note && note->kind == event->kind &&
		    note->gpa == event->gpa && note->bytes == event->bytes &&
		    note->from == event->from)
			continue;
		print_notes(d);
		driver_fail(d, "%s of %" PRIu64 " bytes at gpa %" PRIx64
			    ", %" PRIx64, kind_name[event->kind],
			    event->bytes, event->gpa, event->from);
	}
	note = next_access(&d->model, &nth);
	if (note)
		driver_fail(d, "%s missing: %" PRIu64 " bytes at gpa %" PRIx64,
			    kind_name[note->kind], note->bytes, note->gpa);
}

void compare_notes(struct driver *d)
{
	unsigned int i;
	size_t n;

	compare_devices(d);
	for (n = 0; n < d->model.notes; n++) {
		const struct model_note *note = &d->model.note[n];

		if (is_device(note->kind))
			continue;
		if (note->must && !happened(&d->host, note))
			driver_fail(d, "%s missing: gpa %" PRIx64 " bytes %"
				    PRIx64 " entry %" PRIx64 ": %016" PRIx64
				    " %016" PRIx64, kind_name[note->kind],
				    note->gpa, note->bytes, note->index,
				    note->dw0, note->dw1);
	}
	for (i = 0; i < d->host.events; i++)
		if (!is_device(d->host.event[i].kind))
			check_event(d, &d->host.event[i]);
}

void compare_safety(struct driver *d)
{
	const struct tlb_entry *held;
	const char *why;

	if (d->host.wrong)
		driver_fail(d, "%s", d->host.wrong);
	held = tlb_model_excess(&d->host.tlb, &d->model, &why);
	if (held)
		driver_fail(d, "TLB still holds slot %" PRIx64
			    " -> %" PRIx64 " rights %016" PRIx64 ": %s",
			    held->index, held->real, held->dw1, why);
}

/* What hardware finds in one slot. */
static void check_memory(struct driver *d, const uint8_t *memory,
			 uint64_t index)
{
	const struct model_entry *entry = &d->model.entry[index];
	uint64_t dw0;
	uint64_t dw1;

	tlb_model_decode(memory, d->caps.format, index, &dw0, &dw1);
	if (!entry->live || !entry->valid) {
		if (dw0 & MODEL_V)
			driver_fail(d, "slot %" PRIx64 ": V=1 in memory",
				    index);
		return;
	}
	if ((dw0 & ~MODEL_FIRMWARE) != entry->dw0 ||
	    (dw1 & ~MODEL_RC) != entry->hw)
		driver_fail(d, "slot %" PRIx64 ": memory %016" PRIx64 " %016"
			    PRIx64 ", expected %016" PRIx64 " %016" PRIx64,
			    index, dw0, dw1, entry->dw0, entry->hw);
	if (dw1 & MODEL_RC & ~entry->dw1)
		driver_fail(d, "slot %" PRIx64 ": R or C that nobody set",
			    index);
	if ((entry->stored && !(dw1 & MODEL_C)) ||
	    (entry->used && !(dw1 & MODEL_R)))
		driver_fail(d, "slot %" PRIx64 ": R or C the host has not "
			    "heard of is gone", index);
}

static void check_view(struct driver *d, uint64_t index)
{
	const struct model_entry *entry = &d->model.entry[index];
	unsigned int state = (entry->valid ? HPTE_VIEW_VALID : 0) |
		(entry->mmio ? HPTE_VIEW_MMIO : 0);
	struct hpte_view view;
	int status = hpte_table_read(&d->table, index, &view);

	if (!entry->live) {
		if (status != HPTE_ERR_NOTFOUND)
			driver_fail(d, "slot %" PRIx64 ": read gives %d, "
				    "the model says empty", index, status);
		return;
	}
	if (status != HPTE_OK || view.guest.dw0 != entry->dw0 ||
	    view.guest.dw1 != entry->dw1 || view.state != state ||
	    view.index != index)
		driver_fail(d, "slot %" PRIx64 ": read %d %016" PRIx64
			    " %016" PRIx64 " state %u, model %016" PRIx64
			    " %016" PRIx64 " state %u", index, status,
			    view.guest.dw0, view.guest.dw1, view.state,
			    entry->dw0, entry->dw1, state);
}

/* As the guest sees four entries. */
static void check_h_read(struct driver *d, uint64_t index)
{
	uint64_t mine[32] = { 0 };
	uint64_t theirs[32] = { 0 };
	enum hpte_hcall_disposition disposition;
	unsigned int i;

	theirs[3] = HPTE_HCALL_READ;
	theirs[4] = HPTE_HFLAG_READ_4;
	theirs[5] = index;
	disposition = hpte_hcall_dispatch(&d->vm, theirs, 0);
	for (i = 0; i < 4; i++) {
		const struct model_entry *entry = &d->model.entry[index + i];

		mine[4 + 2 * i] = entry->live ? entry->dw0 : 0;
		mine[5 + 2 * i] = entry->live ? entry->dw1 : 0;
	}
	for (i = 3; i < 12; i++)
		if (disposition != HPTE_HCALL_DONE || mine[i] != theirs[i])
			driver_fail(d, "H_READ of %" PRIx64 ": R%u %016"
				    PRIx64 ", model %016" PRIx64, index, i,
				    theirs[i], mine[i]);
}

void compare_table(struct driver *d)
{
	const uint8_t *memory = hpte_table_base(&d->table);
	bool h_read = (d->caps.hcalls & HPTE_OFFER_READ) && !d->model.radix;
	uint64_t i;

	if (hpte_table_order(&d->table) != d->model.order)
		driver_fail(d, "order %u, model %u",
			    hpte_table_order(&d->table), d->model.order);
	if (hpte_table_entries(&d->table) != model_entries(&d->model))
		driver_fail(d, "number of entries");
	for (i = 0; i < model_entries(&d->model); i++) {
		check_view(d, i);
		check_memory(d, memory, i);
		if (h_read && !(i & 3))
			check_h_read(d, i);
	}
}

void compare_find(struct driver *d)
{
	const struct driver_page *p =
		&d->page[test_random_below(&d->random, DRIVER_PAGES)];
	bool valid = test_random_below(&d->random, 2);
	struct hpte_va va = { p->va.vsid, p->va.offset,
			      (uint8_t)p->va.segment, (uint8_t)p->page.base };
	uint64_t descriptor = test_descriptor(&va);
	struct hpte_find_request many = { .descriptor = descriptor,
					  .ea = va.offset };
	unsigned int flags = valid ? HPTE_FIND_VALID : 0;
	struct hpte_view view, by_ea;
	uint64_t index;
	bool found;
	int status;

	driver_text(d, "find %s of page %u", valid ? "valid" : "any",
		    (unsigned int)(p - d->page));
	found = model_find(&d->model, &p->va, p->page.base, valid, &index);
	status = hpte_table_find(&d->table, &va, flags, &view);
	if (status != (found ? HPTE_OK : HPTE_ERR_NOTFOUND))
		driver_fail(d, "find gives %d, model %s %" PRIx64, status,
			    found ? "has" : "has not", index);
	if (found && (view.index != index ||
		      view.guest.dw0 != d->model.entry[index].dw0 ||
		      view.guest.dw1 != d->model.entry[index].dw1))
		driver_fail(d, "find gives slot %" PRIx64 ", model %" PRIx64,
			    view.index, index);
	if (hpte_table_find_ea(&d->table, descriptor, va.offset, flags,
			       &by_ea) != status ||
	    (found && memcmp(&by_ea, &view, sizeof(view))))
		driver_fail(d, "find_ea gives slot %" PRIx64, by_ea.index);
	if (hpte_table_find_many(&d->table, &many, 1, flags) != found ||
	    many.status != status ||
	    (found && memcmp(&many.view, &view, sizeof(view))))
		driver_fail(d, "find_many gives %d, slot %" PRIx64, many.status,
			    many.view.index);
}

void compare_demoted(struct driver *d)
{
	uint64_t i;

	for (i = 0; i < model_entries(&d->model); i++) {
		struct model_entry *entry = &d->model.entry[i];
		struct model_page page;
		struct hpte_view view;
		uint64_t gpa;

		if (!entry->live || !entry->valid ||
		    hpte_table_read(&d->table, i, &view) != HPTE_OK ||
		    (view.state & HPTE_VIEW_VALID))
			continue;
		(void)model_page_of(entry->dw0, entry->dw1, &page);
		gpa = model_real(entry->dw1, &page);
		if (entry->stored && d->host.answer.has_dirty &&
		    !covered(&d->host, MODEL_NOTE_DIRTY, gpa,
			     UINT64_C(1) << page.actual))
			driver_fail(d, "demoted slot %" PRIx64
				    ": mark_dirty missing", i);
		entry->valid = false;
		entry->hw_rc = 0;
		entry->used = false;
		entry->stored = false;
	}
}
