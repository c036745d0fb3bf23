/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model.h - the model: every hypercall on a hashed page table,
 * storage interrupts and device accesses; slow, obvious, one CPU.
 *
 * The model is the contract as a program.  It knows the public numbers of
 * papr.h and the types of host.h and nothing else of the library: the table
 * is an array of guest entries, each operation does what the specification
 * says in the order it says it.  Beside the answer, an operation leaves
 * notes: what the host must and may have been told while it ran.
 *
 * model_fault.h has the storage interrupts, model_mmio.h the instructions and
 * says which there are.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option"
 */
#ifndef TEST_MODEL_MODEL_H
#define TEST_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hpte/host.h>
#include <hpte/papr.h>

#include "model_codec.h"

/* Opcodes that a version of papr.h may not have yet. */
#define MODEL_HCALL_PAGE_INIT		0x2CU
#define MODEL_HCALL_LOGICAL_CI_LOAD	0x3CU
#define MODEL_HCALL_LOGICAL_CI_STORE	0x40U
#define MODEL_HCALL_VRMASD		0x2ACU
#define MODEL_HCALL_BLOCK_REMOVE	0x328U
#define MODEL_HCALL_CLEAR_HPT		0x358U
#define MODEL_H_PARTIAL			INT64_C(5)

#define MODEL_REGIONS			12U
#define MODEL_REAL			UINT64_C(0x00A5000000000000)
#define MODEL_REAL_GPA_BITS		40U	/* what map_page knows */

enum model_disposition {
	MODEL_DONE,
	MODEL_AGAIN,
	MODEL_NOT_MINE
};

/* Of an IO region: which accesses its device takes, and its byte order. */
struct model_region {
	uint64_t start;
	uint64_t bytes;
	enum hpte_backing_kind kind;
	unsigned int largest;
	unsigned int sizes;
	bool little_endian;
	bool unaligned;
	bool notify;		/* any store will do, its value is not told */
	unsigned int gap;	/* bytes at its end without a device */
};

enum model_device {
	MODEL_DEVICE_DONE,
	MODEL_DEVICE_FAULT,
	MODEL_DEVICE_UNCLAIMED,
	MODEL_DEVICE_PENDING
};

/**
 * struct model_host - what the host answers, now
 * @region:	ranges of guest real storage; HOLE in between
 * @has_*:	the callback is not NULL
 * @map:	answer of map_page()
 * @map_short:	map_page() answers with a page smaller than asked for
 * @map_writable: the page may be stored to
 * @epoch:	goes into host real addresses, so that old ones are recognised
 * @retry:	an invalidation is under way
 * @storage:	guest_read() and guest_write() work now
 * @alloc:	answer of hpt_alloc()
 * @alloc_max:	but it can never do more than this order
 * @stop:	answer of vcpus_stop()
 * @vrma:	answer to a change of the VRMA's page size
 * @device:	what an access to a device ends with
 * @device_good: but of one operation so many accesses are DONE before
 * @device_value: the number a device register means
 */
struct model_host {
	struct model_region region[MODEL_REGIONS];
	unsigned int regions;
	bool has_classify;
	bool has_map_page;
	bool has_retry;
	bool has_flush;
	bool has_dirty;
	bool has_young;
	bool has_storage;
	bool has_icache;
	bool has_alloc;
	bool has_stop;
	bool has_vrma;
	bool has_devices;
	enum hpte_host_result map;
	bool map_short;
	bool map_writable;
	uint8_t epoch;
	bool retry;
	bool storage;
	enum hpte_host_result alloc;
	unsigned int alloc_max;
	bool stop;
	enum hpte_host_result vrma;
	enum model_device device;
	unsigned int device_good;
	uint64_t device_value;
};

/**
 * struct model_entry - one slot
 * @live:	inserted and not removed; all else is meaningless if not
 * @dw0:	guest's doubleword 0, V=1
 * @dw1:	guest's doubleword 1, R and C up to date
 * @valid:	hardware may use it
 * @mmio:	absent, inserted for a device
 * @hw:		doubleword 1 that hardware must find, 2.07, without R and C
 * @hw_rc:	R and C set by the walker since they were last cleared
 * @serial:	no other insert had it
 * @used:	the walker used it and the host has not been told
 * @stored:	the walker stored through it and the host has not been told
 */
struct model_entry {
	uint64_t dw0;
	uint64_t dw1;
	uint64_t hw;
	uint64_t hw_rc;
	uint64_t serial;
	bool live;
	bool valid;
	bool mmio;
	bool used;
	bool stored;
};

enum model_note_kind {
	MODEL_NOTE_DIRTY,	/* mark_dirty() of gpa, bytes */
	MODEL_NOTE_YOUNG,	/* mark_young() */
	MODEL_NOTE_FLUSH,	/* tlbie naming the entry */
	MODEL_NOTE_MAP,		/* map_page(); from: want_write */
	MODEL_NOTE_ZERO,	/* zeros in guest storage */
	MODEL_NOTE_COPY,	/* copy within guest storage; from: source */
	MODEL_NOTE_ICACHE,	/* icache_sync() */
	MODEL_NOTE_STORE,	/* store to a device; from: the number */
	MODEL_NOTE_LOAD		/* load from a device */
};

/**
 * struct model_note - something the host is told or done to it; accesses to
 * devices happen in the order of their notes, and no others do
 * @kind:	what
 * @must:	it has to happen at least once; else it may
 * @gpa:	where
 * @bytes:	how much
 * @from:	see enum model_note_kind
 * @index:	of the entry to flush
 * @dw0:	its guest doublewords
 * @dw1:	as above
 */
struct model_note {
	enum model_note_kind kind;
	bool must;
	uint64_t gpa;
	uint64_t bytes;
	uint64_t from;
	uint64_t index;
	uint64_t dw0;
	uint64_t dw1;
};

enum model_resize {
	MODEL_RESIZE_NONE,
	MODEL_RESIZE_PREPARING,
	MODEL_RESIZE_READY
};

/**
 * struct model - one guest
 * @caps:	facts about it
 * @host:	its host
 * @walker:	hardware walks the table
 * @radix:	the guest uses a radix tree now
 * @order:	log2 bytes of the table
 * @entry:	2^(order-4) of them
 * @resize:	pending table
 * @resize_order: its order
 * @inert:	bolted entries the latest resize could not move
 * @note:	of the latest operation
 * @notes:	how many
 * @notes_room:	how many fit
 * @accesses:	to devices, by the latest operation
 * @inserts:	there were, ever
 * @generation:	the latest operation must have raised the generation
 * @demoted:	valid entries may have become absent in a failed commit
 */
struct model {
	const struct hpte_caps *caps;
	const struct model_host *host;
	bool walker;
	bool radix;
	unsigned int order;
	struct model_entry *entry;
	enum model_resize resize;
	unsigned int resize_order;
	uint64_t inert;
	struct model_note *note;
	size_t notes;
	size_t notes_room;
	unsigned int accesses;
	uint64_t inserts;
	bool generation;
	bool demoted;
};

/* model_init() - a guest with an empty table. */
void model_init(struct model *model, const struct hpte_caps *caps,
		const struct model_host *host, bool walker,
		unsigned int order);

/* model_fini() - give its memory back. */
void model_fini(struct model *model);

/* model_entries() - number of slots. */
uint64_t model_entries(const struct model *model);

/* model_known() - does papr.h have this opcode?  Others are NOT_MINE. */
bool model_known(uint64_t opcode);

/**
 * model_hcall() - what sc 1 answers
 * @model:	guest
 * @gpr:	R0..R31, changed with MODEL_DONE only
 * @msr:	MSR
 */
enum model_disposition model_hcall(struct model *model, uint64_t *gpr,
				   uint64_t msr);

/* model_classify() - what lies at a range of guest real storage. */
enum hpte_backing_kind model_classify(const struct model_host *host,
				      uint64_t gpa, unsigned int shift,
				      unsigned int *largest);

/* model_device_answer() - of the nth access of one operation. */
enum model_device model_device_answer(const struct model_host *host,
				      unsigned int nth);

/* model_device_value() - what it reads. */
uint64_t model_device_value(const struct model_host *host, unsigned int nth);

#define MODEL_SEARCHED		16U	/* slots of the two groups */

/* model_slot() - the nth slot that a search for a base page looks at. */
uint64_t model_slot(const struct model *model, const struct model_va *va,
		    unsigned int base, unsigned int nth);

/* model_maps() - does an entry there map it, with H=0 or H=1? */
bool model_maps(const struct model *model, uint64_t index,
		const struct model_va *va, unsigned int base, bool secondary);

/**
 * model_find() - the first entry that maps a base page
 * @model:	guest
 * @va:		where the page starts
 * @base:	log2 of its bytes
 * @valid:	entries that hardware may not use do not count
 * @index:	where to put its index
 *
 * Return: false if there is none in the primary and the secondary group.
 */
bool model_find(const struct model *model, const struct model_va *va,
		unsigned int base, bool valid, uint64_t *index);

/* model_map() - what map_page() answers; true: *real is the storage. */
enum hpte_host_result model_map(const struct model_host *host, uint64_t gpa,
				uint64_t *real);

/* model_alloc() - what hpt_alloc() answers. */
enum hpte_host_result model_alloc(const struct model_host *host,
				  unsigned int order);

/* Host events.  Each starts a new list of notes. */

/* model_promote() - the host maps the entry; false: it is told to retry. */
bool model_promote(struct model *model, uint64_t index);

/* model_demote() - the host unmaps the entry; false: it was not valid. */
bool model_demote(struct model *model, uint64_t index);

/* model_walker_access() - hardware used, or stored through, a valid entry. */
void model_walker_access(struct model *model, uint64_t index, bool store);

/* model_set_rc() - an emulator used an absent entry. */
void model_set_rc(struct model *model, uint64_t index, uint64_t bits);

#endif /* TEST_MODEL_MODEL_H */
