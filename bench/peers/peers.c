/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/peers/peers.c - the list of all peers.
 */
#include "peer.h"

const struct peer *const peers[] = {
	&peer_plain,
	&peer_portable,
	&peer_sse2,
	&peer_avx2,
	&peer_avx512,
	&peer_walker,
	&peer_hcall,
	&peer_hblock,
	&peer_lockbit,
	&peer_scan,
	&peer_onelock,
#ifdef HAVE_CK
	&peer_ck,
#endif
#ifdef HAVE_LFHT
	&peer_lfht,
#endif
#ifdef HAVE_DPDK
	&peer_dpdk,
#endif
	&peer_hchase,
	&peer_rnd2p,
	&peer_rnd2pt1,
	&peer_rnd4p,
	&peer_cmpxchg,
	NULL
};
