/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/setup.c - sizes, initialisation and reset of a table.
 *
 * Layer: 2 (table).  The part of hpte/table.h that runs while nobody else
 * uses the table; table.c is what runs on all CPUs at once.
 */
#include "libhpte/internal.h"

#define CPU_USABLE							\
	((HPTE_ARCH_LOAD16 ? HPTE_CPU_LOAD16 : 0U) | HPTE_ARCH_CPU_SEARCH)

HPTE_STATIC_ASSERT(CPU_USABLE < TABLE_WALKED, "CPU facts below our flags");

/* The widest search is used together with the snapshot, or not at all. */
static unsigned int cpu_used(unsigned int cpu)
{
	cpu &= CPU_USABLE;
	return cpu & HPTE_CPU_LOAD16 ? cpu : cpu & ~HPTE_ARCH_CPU_WIDEST;
}

static bool order_valid(unsigned int order)
{
	return order >= HPTE_ORDER_MIN && order <= HPTE_ORDER_MAX;
}

/* Hardware walks it, or entries cannot be read by one load. */
static bool side_needed(unsigned int flags, unsigned int cpu)
{
	return (flags & HPTE_TABLE_WALKER) ||
	       !(cpu & CPU_USABLE & HPTE_CPU_LOAD16);
}

uint64_t hpte_table_bytes(unsigned int order)
{
	return order_valid(order) ? UINT64_C(1) << order : 0;
}

uint64_t hpte_table_side_bytes(unsigned int order, unsigned int flags,
			       unsigned int cpu)
{
	if (!order_valid(order) || !side_needed(flags, cpu))
		return 0;
	return (UINT64_C(1) << order) / HPTE_ENTRY_BYTES *
	       sizeof(struct hpte_side);
}

unsigned int hpte_table_cpu(void)
{
	return CPU_USABLE;
}

static bool misaligned(const void *pointer, uint64_t to)
{
	return ((uint64_t)(uintptr_t)pointer & (to - 1)) != 0;
}

/* Is this storage fit for a table of this order and these flags? */
static int check_memory(const struct hpte_memory *memory, unsigned int order,
			unsigned int flags, unsigned int cpu)
{
	/* SDR1 and PATE hold an address without its low 18 bits and more */
	uint64_t align = flags & HPTE_TABLE_WALKER ? hpte_table_bytes(order) :
						     128;

	if (!memory->base || misaligned(memory->base, align) ||
	    misaligned(memory->side, sizeof(struct hpte_side)))
		return HPTE_ERR_PARAM;
	if (!memory->side && side_needed(flags, cpu))
		return HPTE_ERR_UNSUPPORTED;
	return HPTE_OK;
}

static bool caps_valid(const struct hpte_caps *caps)
{
	return caps->caps_size >= sizeof(*caps) &&
	       caps->format <= HPTE_FORMAT_300;
}

/* All that 0.1 had; what came later may be missing. */
static bool ops_valid(const struct hpte_host_ops *ops, unsigned int flags)
{
	if (ops && ops->ops_size < __builtin_offsetof(struct hpte_host_ops,
						      trace))
		return false;
	return !(flags & HPTE_TABLE_WALKER) ||
	       (ops && ops->tlb_invalidate && ops->tlb_invalidate_all);
}

static bool counters_valid(const struct hpte_table_config *config)
{
	unsigned int shards = config->shards;

	return !shards || (!(shards & (shards - 1)) && config->counters &&
			   !misaligned(config->counters, sizeof(uint64_t)));
}

/* Flags for who else looks at the table, or wants to know what happens. */
static unsigned int watchers(const struct hpte_table_config *config)
{
	const struct hpte_host_ops *ops = config->ops;
	unsigned int who = 0;

	if (config->flags & HPTE_TABLE_WALKER)
		who |= TABLE_WALKED;
	else if (ops && ops->tlb_invalidate)
		who |= TABLE_CACHED;
	if (HPTE_CONFIG_TRACE && config->shards)
		who |= TABLE_COUNTED;
	if (HPTE_CONFIG_TRACE && ops && ops->ops_size >= sizeof(*ops) &&
	    ops->trace)
		who |= TABLE_TRACED;
	return who;
}

/* Could @memory take the place of the table's? */
bool hpte_table_memory_fits_(const struct hpte_table *table,
			     const struct hpte_memory *memory,
			     unsigned int order)
{
	/* a table with a side array keeps one, even if it could do without */
	if ((table->priv_flags & TABLE_SIDE) && !memory->side)
		return false;
	return check_memory(memory, order,
			    table_walked(table) ? HPTE_TABLE_WALKER : 0,
			    table->priv_flags /* has HPTE_CPU_* */) == HPTE_OK;
}

/* Store an absent entry into a table that nobody uses yet. */
void hpte_table_place_(struct hpte_table *table, uint64_t index,
		       uint64_t image, uint64_t dw1)
{
	if (table->priv_side) {
		struct hpte_side *side = &table->priv_side[index];

		hpte_atomic_store(&side->g, dw1);
		hpte_atomic_store32_release(&side->seq,
				hpte_atomic_load32(&side->seq) + 1);
	}
	hpte_word_store(slot_dw1(table, index), dw1);
	hpte_word_store_release(slot_dw0(table, index), image);
}

/* Beyond it a table is in no second cache that we know of. */
#define ORDER_NEAR	21U

/* How a find searches a table of this size: find() in find.c. */
static unsigned int search(unsigned int flags, unsigned int order)
{
	unsigned int cpu = flags & CPU_USABLE;

	if (!(cpu & HPTE_ARCH_CPU_WIDEST))
		return cpu;
	return cpu | (order <= ORDER_NEAR ? SEARCH_NEAR : SEARCH_FAR);
}

void hpte_table_move_(struct hpte_table *table,
		      const struct hpte_memory *memory, unsigned int order)
{
	table->priv_base = memory->base;
	table->priv_side = memory->side;
	table->priv_order = (uint16_t)order;
	/* not priv_flags: a CPU on its way to the gate of COMMIT reads them */
	table->priv_search = (uint16_t)search(table->priv_flags, order);
	table->priv_cursor = 0;
	table->priv_entries = (UINT64_C(1) << order) / HPTE_ENTRY_BYTES;
	table->priv_group_mask = 2 * (table->priv_entries - HPTE_GROUP_ENTRIES);
}

int hpte_table_init(struct hpte_table *table,
		    const struct hpte_table_config *config)
{
	static const struct hpte_caps default_caps = HPTE_CAPS_DEFAULT;
	const struct hpte_caps *caps;
	int status;

	if (!table || !config)
		return HPTE_ERR_PARAM;
	caps = config->caps ? config->caps : &default_caps;
	if (!order_valid(config->order) ||
	    (config->flags & ~HPTE_TABLE_WALKER) ||
	    !caps_valid(caps) || !ops_valid(config->ops, config->flags) ||
	    !counters_valid(config))
		return HPTE_ERR_PARAM;
	status = check_memory(&config->memory, config->order, config->flags,
			      config->cpu);
	if (status != HPTE_OK)
		return status;
	table->priv_flags = cpu_used(config->cpu) | watchers(config) |
			    (config->memory.side ? TABLE_SIDE : 0) |
			    (caps->format == HPTE_FORMAT_300 ? TABLE_300 : 0);
	table->priv_caps = caps;
	table->priv_ops = config->ops;
	table->priv_ctx = config->ctx;
	table->priv_counters = table->priv_flags & TABLE_COUNTED ?
			       config->counters : NULL;
	table->priv_shards = config->shards;
	table->priv_generation = 1;	/* so that a zeroed cache is stale */
	hpte_table_move_(table, &config->memory, config->order);
	return HPTE_OK;
}

/* Take V away, and remember by BUSY that it was there. */
static void reset_retract(struct hpte_table *table, uint64_t index)
{
	uint64_t image = hpte_word_load(slot_dw0(table, index));

	if (image & HPTE_DW0_V)
		hpte_word_store_release(slot_dw0(table, index),
					slot_owned(table, image));
}

/* After the invalidation: report what the walker did, and empty the slot. */
static void reset_slot(struct hpte_table *table, uint64_t index)
{
	uint64_t image = hpte_word_load(slot_dw0(table, index));
	uint64_t dw1 = hpte_word_load(slot_dw1(table, index));
	bool valid = table_walked(table) && slot_live(image) &&
		     (image & DW0_BUSY);
	uint64_t guest = dw1;

	if (valid) {
		guest = hpte_atomic_load(&table->priv_side[index].g);
		hpte_table_account_(table, guest, image, dw1 & HPTE_DW1_RC);
		guest |= dw1 & HPTE_DW1_RC;
	}
	if (slot_live(image))
		table_note(table, valid ? HPTE_EVENT_REMOVE_VALID :
					  HPTE_EVENT_REMOVE,
			   index, slot_guest(table, image), guest);
	hpte_word_store_release(slot_dw0(table, index), 0);
	hpte_word_store(slot_dw1(table, index), 0);
	if (table->priv_side)
		hpte_atomic_store(&table->priv_side[index].g, 0);
}

void hpte_table_reset(struct hpte_table *table)
{
	uint64_t entries = hpte_table_entries(table);
	uint64_t index;

	for (index = 0; table_walked(table) && index < entries; index++)
		reset_retract(table, index);
	hpte_tlb_send_all_(table);
	for (index = 0; index < entries; index++)
		reset_slot(table, index);
	table->priv_cursor = 0;
	/* before any CPU can cache an entry again (H) */
	hpte_atomic_increment_release(&table->priv_generation);
	table_note(table, HPTE_EVENT_RESET, table->priv_order, 0, 0);
}

uint64_t hpte_table_generation(const struct hpte_table *table)
{
	/* acquire: read before the search whose result is cached (H) */
	return hpte_atomic_load_acquire(&table->priv_generation);
}

void *hpte_table_base(const struct hpte_table *table)
{
	return (HPTE_FORCE void *)table->priv_base;
}

unsigned int hpte_table_order(const struct hpte_table *table)
{
	return table->priv_order;
}

uint64_t hpte_table_entries(const struct hpte_table *table)
{
	return table->priv_entries;
}
