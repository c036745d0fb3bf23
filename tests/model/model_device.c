/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_device.c - devices on the bus.
 */
#include "model_internal.h"

enum model_device model_device_answer(const struct model_host *host,
				      unsigned int nth)
{
	return nth < host->device_good ? MODEL_DEVICE_DONE : host->device;
}

uint64_t model_device_value(const struct model_host *host, unsigned int nth)
{
	return host->device_value + nth * UINT64_C(0x0123456789ABCDEF);
}

const struct model_region *model_device_at(const struct model *model,
					   uint64_t gpa)
{
	const struct model_host *host = model->host;
	unsigned int i;

	for (i = 0; host->has_devices && i < host->regions; i++) {
		const struct model_region *region = &host->region[i];

		if (region->kind == HPTE_BACKING_IO && gpa >= region->start &&
		    gpa - region->start < region->bytes - region->gap)
			return region;
	}
	return NULL;
}

bool model_device_misaligned(const struct model_region *region, bool is_store,
			     uint64_t gpa, unsigned int bytes)
{
	if (region->unaligned || (region->notify && is_store))
		return false;
	return (gpa - region->start) % bytes;
}

static bool takes(const struct model_region *region, bool is_store,
		  uint64_t gpa, unsigned int bytes)
{
	if (gpa - region->start + bytes > region->bytes - region->gap)
		return false;
	if (region->notify && is_store)
		return true;
	return (region->sizes & bytes) &&
	       !model_device_misaligned(region, is_store, gpa, bytes);
}

uint64_t model_device_swap(const struct model_region *region, bool big_endian,
			   unsigned int bytes, uint64_t value)
{
	uint64_t swapped = 0;
	unsigned int i;

	if (bytes < 8)
		value &= (UINT64_C(1) << (8 * bytes)) - 1;
	if (region->little_endian != big_endian)
		return value;
	for (i = 0; i < bytes; i++, value >>= 8)
		swapped = swapped << 8 | (value & 0xFF);
	return swapped;
}

enum model_device model_device_access(struct model *model,
				      const struct model_region *region,
				      bool is_store, bool big_endian,
				      uint64_t gpa, unsigned int bytes,
				      uint64_t *value)
{
	unsigned int nth = model->accesses;
	struct model_note *note;
	enum model_device answer;

	if (!takes(region, is_store, gpa, bytes))
		return MODEL_DEVICE_UNCLAIMED;
	model->accesses++;
	note = model_note(model, is_store ? MODEL_NOTE_STORE : MODEL_NOTE_LOAD,
			  true);
	note->gpa = gpa;
	note->bytes = bytes;
	if (is_store && !region->notify)
		note->from = model_device_swap(region, big_endian, bytes,
					       *value);
	answer = model_device_answer(model->host, nth);
	if (answer == MODEL_DEVICE_DONE && !is_store)
		*value = model_device_swap(region, big_endian, bytes,
					   model_device_value(model->host,
							      nth));
	return answer;
}
