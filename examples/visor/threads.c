/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/threads.c - what all threads must agree on: LPCR, the table.
 *
 * One thread stops the others, changes it, and lets them go on; each takes
 * what is new before it enters the guest.  A stopped thread is between two
 * entries: out of the guest and out of libhpte.
 */
#include "visor.h"

static uint32_t stopper;		/* number of its vCPU + 1; 0: nobody */

static void publish_running(struct vcpu *vcpu, uint32_t running)
{
	/* release: what the thread did in the guest's name is done */
	__atomic_store_n(&vcpu->running, running, __ATOMIC_RELEASE);
	/* this store, then the load of stopper; threads_stop() vice versa */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/*
 * False: somebody else is at it and waits for us: threads_meet(), then again.
 * Otherwise a matter of time: the heartbeat brings the others out.
 */
bool threads_stop(void)
{
	uint32_t self = (uint32_t)(this_vcpu() - guest.vcpu) + 1, nobody = 0;

	if (!__atomic_compare_exchange_n(&stopper, &nobody, self, false,
					 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return false;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (uint32_t i = 0; i < guest.vcpus; i++)
		while (i + 1 != self &&
		       __atomic_load_n(&guest.vcpu[i].running,
				       __ATOMIC_ACQUIRE))
			;
	return true;
}

void threads_start(void)
{
	__atomic_store_n(&stopper, 0, __ATOMIC_RELEASE);
}

/* This thread rests: nobody waits for it before its next threads_meet(). */
void threads_leave(struct vcpu *vcpu)
{
	publish_running(vcpu, 0);
}

/* Where a thread can be stopped: before every entry into the guest. */
void threads_meet(struct vcpu *vcpu)
{
	publish_running(vcpu, 1);
	while (__atomic_load_n(&stopper, __ATOMIC_ACQUIRE)) {
		publish_running(vcpu, 0);
		while (__atomic_load_n(&stopper, __ATOMIC_ACQUIRE))
			;
		publish_running(vcpu, 1);
	}
	machine_follow(vcpu);
}
