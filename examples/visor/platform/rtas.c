/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/platform/rtas.c - run-time abstraction services.
 *
 * To the guest RTAS is code in its own memory, entered with the address of an
 * argument buffer.  Ours is five instructions: a hypercall of our own.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "RTAS Call Functions"
 */
#include "platform.h"

#include "layout.h"

#define CELLS		16U		/* arguments and results at most */

#define OK		UINT32_C(0)
#define NOT_SUPPORTED	((uint32_t)-3)
#define BAD		((uint32_t)-3)	/* parameter: the same code */

#define STOPPED		0U
#define RUNNING		2U

bool rtas_install(uint64_t gpa, uint64_t bytes)
{
	static const uint32_t code[] = {
		0x7C641B78,		/* mr 4, 3 */
		0x3C600000,		/* lis 3, 0 */
		0x6063F000,		/* ori 3, 3, H_RTAS: linux.c */
		0x44000022,		/* sc 1 */
		0x4E800020,		/* blr */
	};

	if (bytes < sizeof(code) ||
	    !host_ops.guest_write(NULL, gpa, code, sizeof(code)))
		return false;
	host_ops.icache_sync(NULL, gpa, sizeof(code));
	return true;
}

/* The guest's last words, as far as they are letters. */
static void os_term(uint64_t gpa)
{
	char text[80];
	size_t length = 0;

	while (length < sizeof(text) - 1 &&
	       host_ops.guest_read(NULL, gpa + length, &text[length], 1) &&
	       text[length] >= ' ' && text[length] <= '~')
		length++;
	text[length] = 0;
	console_say("guest %lu panicked: %s", (uint64_t)LPID, text);
	end_guest("it has panicked");
}

static uint32_t query_cpu(uint32_t number, uint32_t *state)
{
	if (number >= guest.vcpus)
		return BAD;
	*state = __atomic_load_n(&guest.vcpu[number].state, __ATOMIC_RELAXED) ==
			 VCPU_WAITING ? STOPPED : RUNNING;
	return OK;
}

/* @in has 3 cells at least, @out 2: those the guest has not given are 0. */
static uint32_t serve(uint32_t token, const uint32_t *in, uint32_t *out)
{
	switch (token) {
	case RTAS_POWER_OFF:
		end_guest(verdict());
	case RTAS_REBOOT:
		end_guest("it wants to be started again");
	case RTAS_OS_TERM:
		os_term(in[0]);
		return OK;
	case RTAS_START_CPU:
		return start_vcpu(in[0], in[1], in[2]) ? OK : BAD;
	case RTAS_QUERY_CPU:
		return query_cpu(in[0], &out[1]);
	}
	return NOT_SUPPORTED;
}

/* R4: the buffer: token, how many arguments and results, these, big-endian. */
int64_t rtas_call(struct vcpu *vcpu)
{
	uint64_t gpa = vcpu->regs[4];
	uint32_t head[3], cells[CELLS] = { 0 }, out[CELLS] = { 0 };
	uint32_t results;

	if (!host_ops.guest_read(NULL, gpa, head, sizeof(head)) ||
	    head[1] > CELLS || head[2] > CELLS ||
	    !host_ops.guest_read(NULL, gpa + sizeof(head), cells,
				 4 * (size_t)head[1]))
		return HPTE_H_PARAMETER;
	results = head[2];
	out[0] = serve(head[0], cells, out);
	if (results && !host_ops.guest_write(NULL, gpa + sizeof(head) +
					     4 * (uint64_t)head[1], out,
					     4 * (uint64_t)results))
		return HPTE_H_PARAMETER;
	return HPTE_H_SUCCESS;
}
