/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/fault.c - hypervisor data and instruction storage interrupts.
 *
 * Layer: 3 (services).
 *
 * References
 *	[ISA]	Power ISA, Book III, "Hypervisor Data Storage Interrupt"
 *
 * The walker said one of two things: it found no valid entry, or it found one
 * that forbids the access.  The guest's own view of the entry, absent or
 * valid, says whose doing that was:
 *
 *	no entry for the guest either		reflect
 *	the guest's rights forbid it		reflect, with the guest's reason
 *	absent, a device's			MMIO
 *	absent, RAM				the host's page is missing
 *	valid, rights suffice			after "no entry": it has become
 *						valid meanwhile: retry.  After
 *						"protection": the host made its
 *						page read-only
 *
 * The hypervisor's reason never reaches the guest: the bits for it are made
 * anew from the guest's rights.
 *
 * The cache holds device translations only.  The generation is read before
 * the search, so that a removal at any later moment makes the cached view
 * stale (H); rights are checked anew at each hit.
 */
#include "hpte/fault.h"
#include "libhpte/internal.h"

/* Bits that say why; all others of a status are kept when it is reflected. */
#define REASONS		(HPTE_FAULT_NO_ENTRY | HPTE_FAULT_PROTECTION | \
			 HPTE_FAULT_KEY)
/* Hypervisors fill HDSISR with this to see whether hardware wrote it. */
#define CANARY		UINT32_C(0x7FFF)

void hpte_fault_init(struct hpte_vcpu *vcpu, struct hpte_table *table)
{
	vcpu->priv_table = table;
	vcpu->priv_next = 0;
	for (unsigned int i = 0; i < HPTE_VCPU_CACHE; i++)
		vcpu->priv_cache[i].priv_valid = 0;
}

/* A fault under consideration. */
struct search {
	struct hpte_access access;
	struct hpte_va va;
	struct hpte_view view;
	uint64_t generation;
	uint32_t status;
	bool fetch;
};

static void retry(struct hpte_outcome *outcome)
{
	outcome->action = HPTE_FAULT_RETRY;
}

/* The guest's own fault. */
static void reflect(const struct search *search, uint32_t bits,
		    struct hpte_outcome *outcome)
{
	outcome->action = search->fetch ? HPTE_FAULT_ISI : HPTE_FAULT_DSI;
	outcome->dar = search->access.ea;
	outcome->bits = bits;
}

/* Does the cached translation serve this access, now? */
static bool cache_hit(const struct hpte_cached *cached,
		      const struct search *search)
{
	return cached->priv_valid &&
	       cached->priv_generation == search->generation &&
	       cached->priv_page == search->va.offset >> search->va.base &&
	       cached->priv_descriptor == (search->va.vsid << 1 |
					   (search->va.segment == 40)) &&
	       cached->priv_view.page.base == search->va.base;
}

static bool cache_find(struct hpte_vcpu *vcpu, struct search *search)
{
	for (unsigned int i = 0; i < HPTE_VCPU_CACHE; i++) {
		if (!cache_hit(&vcpu->priv_cache[i], search))
			continue;
		search->view = vcpu->priv_cache[i].priv_view;
		return true;
	}
	return false;
}

static void cache_add(struct hpte_vcpu *vcpu, const struct search *search)
{
	struct hpte_cached *cached;

	/* an entry with an owner is about to change (H) */
	if (search->view.state & HPTE_VIEW_BUSY)
		return;
	cached = &vcpu->priv_cache[vcpu->priv_next++ % HPTE_VCPU_CACHE];
	cached->priv_view = search->view;
	cached->priv_page = search->va.offset >> search->va.base;
	cached->priv_descriptor = search->va.vsid << 1 |
				  (search->va.segment == 40);
	cached->priv_generation = search->generation;
	cached->priv_valid = 1;
}

/* The guest's rights against the access: 0 if they suffice, else the reason. */
static uint32_t forbidden(const struct search *search)
{
	const struct hpte_access *access = &search->access;
	uint64_t dw1 = search->view.guest.dw1, descriptor;
	bool problem = (access->msr & HPTE_MSR_PR) != 0;

	/* most are not: the reason is looked for afterwards */
	if (hpte_xlate_rights(access, dw1) & access->kind)
		return 0;
	descriptor = hpte_xlate_descriptor(access);
	if (search->fetch && ((dw1 & (HPTE_DW1_N | HPTE_DW1_G)) ||
			      (descriptor & HPTE_SLB_N)))
		return HPTE_FAULT_NO_EXECUTE;
	return hpte_entry_rights(dw1, descriptor, problem) & access->kind ?
	       HPTE_FAULT_KEY : HPTE_FAULT_PROTECTION;
}

static uint64_t page_address(const struct hpte_view *view)
{
	return hpte_entry_real(view->guest.dw1, view->page.actual);
}

/* What lies behind an entry's page now. */
static enum hpte_backing_kind backing_of(const struct hpte_table *table,
					 const struct hpte_view *view)
{
	const struct hpte_host_ops *ops = table->priv_ops;
	unsigned int largest;

	if (!ops || !ops->classify)
		return HPTE_BACKING_RAM;
	return ops->classify(table->priv_ctx, page_address(view),
			     view->page.actual, &largest);
}

/* Is there RAM now where an entry was inserted for a device? */
static bool became_ram(const struct hpte_table *table,
		       const struct hpte_view *view)
{
	const struct hpte_host_ops *ops = table->priv_ops;

	return ops && ops->classify && backing_of(table, view) ==
				       HPTE_BACKING_RAM;
}

/* The host's page, or the host's device. */
static void hand_over(const struct search *search, bool device,
		      struct hpte_outcome *outcome)
{
	const struct hpte_view *view = &search->view;
	uint64_t in_page = (UINT64_C(1) << view->page.actual) - 1;

	outcome->action = device ? HPTE_FAULT_MMIO : HPTE_FAULT_HOST_PAGE;
	outcome->dar = search->access.ea;
	outcome->gpa = page_address(view) | (search->va.offset & in_page);
	outcome->is_store = search->access.kind == HPTE_WRITE;
	outcome->fetch_now = (search->access.msr & HPTE_MSR_IR) != 0;
	outcome->shift = view->page.actual;
	outcome->priv_access = search->access;
	outcome->priv_view = *view;
	outcome->priv_status = search->status & ~REASONS;
}

/* An entry was found: whose fault is it? */
static void judge(struct hpte_vcpu *vcpu, const struct search *search,
		  bool cached, struct hpte_outcome *outcome)
{
	const struct hpte_view *view = &search->view;
	uint32_t reason;
	bool device;

	if ((search->status & HPTE_FAULT_NO_ENTRY) &&
	    (view->state & HPTE_VIEW_VALID)) {
		retry(outcome);
		return;
	}
	reason = forbidden(search);
	if (reason) {
		reflect(search, (search->status & ~REASONS) | reason, outcome);
		return;
	}
	device = (view->state & HPTE_VIEW_MMIO) &&
		 (cached || !became_ram(vcpu->priv_table, view));
	if (device && search->fetch) {
		/* nothing can be fetched from a device */
		reflect(search, (search->status & ~REASONS) |
			HPTE_FAULT_NO_EXECUTE, outcome);
		return;
	}
	if (device && !cached)
		cache_add(vcpu, search);
	hand_over(search, device, outcome);
}

/* What needs no search; true if that was all. */
static bool resolve_early(const struct hpte_fault *fault,
			  const struct search *search,
			  struct hpte_outcome *outcome)
{
	uint32_t ours = HPTE_FAULT_NO_ENTRY |
			(search->fetch ? 0 : HPTE_FAULT_PROTECTION);

	if (!search->fetch && fault->status == CANARY) {
		retry(outcome);
		return true;
	}
	if (!(fault->status & ours)) {
		reflect(search, fault->status, outcome);
		return true;
	}
	if ((fault->flags & HPTE_FAULT_NO_SEGMENT) &&
	    hpte_xlate_translated(&search->access)) {
		reflect(search, 0, outcome);
		outcome->action = search->fetch ? HPTE_FAULT_ISEG :
						  HPTE_FAULT_DSEG;
		return true;
	}
	return false;
}

static void resolve(struct hpte_vcpu *vcpu, const struct hpte_fault *fault,
		    struct hpte_outcome *outcome)
{
	struct hpte_table *table = vcpu->priv_table;
	bool no_entry = (fault->status & HPTE_FAULT_NO_ENTRY) != 0;
	struct search search;
	bool cached = false;

	search.access = fault->access;
	search.status = fault->status;
	search.fetch = (fault->flags & HPTE_FAULT_FETCH) != 0;
	search.access.kind = search.fetch ? HPTE_EXECUTE :
			     fault->status & HPTE_FAULT_STORE ? HPTE_WRITE :
								HPTE_READ;
	if (resolve_early(fault, &search, outcome))
		return;
	if (fault->flags & HPTE_FAULT_BASE_4K)
		search.access.descriptor &= ~(HPTE_SLB_L | HPTE_SLB_LP);
	if (hpte_xlate_va(&search.access, &search.va) != HPTE_OK) {
		reflect(&search, search.status, outcome);
		return;
	}
	/* before the search (H) */
	search.generation = hpte_table_generation(table);
	if (no_entry)
		cached = cache_find(vcpu, &search);
	if (!cached && hpte_table_find(table, &search.va, no_entry ? 0 :
				       HPTE_FIND_VALID, &search.view) !=
		       HPTE_OK) {
		/* after "protection": gone meanwhile, or being changed */
		if (no_entry)
			reflect(&search, search.status, outcome);
		else
			retry(outcome);
		return;
	}
	judge(vcpu, &search, cached, outcome);
}

static HPTE_NOINLINE void note_fault(const struct hpte_table *table,
				     const struct hpte_fault *fault,
				     const struct hpte_outcome *outcome)
{
	bool found = outcome->action == HPTE_FAULT_HOST_PAGE ||
		     outcome->action == HPTE_FAULT_MMIO;

	table_note(table, HPTE_EVENT_FAULT + outcome->action, fault->access.ea,
		   found ? outcome->gpa : 0, fault->status);
}

void hpte_fault_resolve(struct hpte_vcpu *vcpu, const struct hpte_fault *fault,
			struct hpte_outcome *outcome)
{
	resolve(vcpu, fault, outcome);
	if (table_noted(vcpu->priv_table))
		note_fault(vcpu->priv_table, fault, outcome);
}

/* No RAM behind the page: a device, from which nothing can be fetched. */
static void complete_device(struct hpte_outcome *outcome)
{
	if (outcome->priv_access.kind != HPTE_EXECUTE) {
		outcome->action = HPTE_FAULT_MMIO;
		return;
	}
	outcome->action = HPTE_FAULT_ISI;
	outcome->bits = outcome->priv_status | HPTE_FAULT_NO_EXECUTE;
}

/* Is the entry still what was judged? */
static bool unchanged(const struct hpte_table *table,
		      const struct hpte_view *view)
{
	struct hpte_view now;

	return hpte_table_read(table, view->index, &now) == HPTE_OK &&
	       now.priv_dw0 == view->priv_dw0 &&
	       now.guest.dw1 == view->guest.dw1;
}

/* Find the host's page and make the entry valid with it. */
static void map_host_page(struct hpte_table *table,
			  const struct hpte_view *view,
			  struct hpte_outcome *outcome)
{
	const struct hpte_host_ops *ops = table->priv_ops;
	struct hpte_host_page page;
	uint64_t sequence = 0;
	enum hpte_host_result result;

	outcome->action = HPTE_FAULT_HOST_ERROR;
	if (!table_walked(table) || !ops->map_page)
		return;
	if (ops->inval_begin)
		sequence = ops->inval_begin(table->priv_ctx);
	result = ops->map_page(table->priv_ctx, page_address(view),
			       view->page.actual, outcome->is_store, &page);
	if (result == HPTE_HOST_NEVER)
		return;
	if (result == HPTE_HOST_DONE) {
		page.sequence = sequence;
		if (outcome->is_store && !page.writable) {
			/* final, unless the right is just being taken away */
			if (hpte_table_invalidated_(table, sequence))
				retry(outcome);
			return;
		}
		/* every answer but misuse means: let the access happen again */
		if (hpte_table_promote(table, view, &page) == HPTE_ERR_PARAM)
			return;
	}
	outcome->action = HPTE_FAULT_RETRY;
}

void hpte_fault_complete(struct hpte_vcpu *vcpu, struct hpte_outcome *outcome)
{
	struct hpte_table *table = vcpu->priv_table;
	const struct hpte_view *view = &outcome->priv_view;

	if (outcome->action != HPTE_FAULT_HOST_PAGE)
		return;
	if (!unchanged(table, view))
		retry(outcome);
	else if (backing_of(table, view) == HPTE_BACKING_RAM)
		map_host_page(table, view, outcome);
	else
		complete_device(outcome);
	table_note(table, HPTE_EVENT_COMPLETE + outcome->action,
		   outcome->priv_access.ea, outcome->gpa, 0);
}

void hpte_fault_forget(struct hpte_table *table)
{
	/* release: the host's change of its map before it (H) */
	hpte_atomic_increment_release(&table->priv_generation);
}
