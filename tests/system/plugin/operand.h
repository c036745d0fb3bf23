/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/plugin/operand.h - which tlbie an entry in the table needs.
 */
#ifndef OPERAND_H
#define OPERAND_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct slot - an entry of the table, as it stands there
 * @dw0:	doubleword 0, in host order as the other
 * @dw1:	doubleword 1
 * @group:	the number of its PTEG
 * @isa_300:	hardware reads it in the format of ISA 3.0
 */
struct slot {
	uint64_t dw0;
	uint64_t dw1;
	uint64_t group;
	bool isa_300;
};

bool slot_between(const struct slot *slot);
uint64_t slot_operand(const struct slot *slot);

#endif /* OPERAND_H */
