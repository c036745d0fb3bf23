/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/status.h - what a libhpte function returns.
 *
 * Layer: 0 (base).  Depends on: nothing.
 *
 * Every fallible function returns HPTE_OK or one of the negative values
 * below and lists those it can return; a caller must survive values added
 * later.  Outputs are written only with HPTE_OK, unless the function says
 * otherwise.  PAPR return codes are another space: hcall.h.
 */
#ifndef HPTE_STATUS_H
#define HPTE_STATUS_H

enum hpte_status {
	HPTE_OK			= 0,

	/* Answers: normal outcomes that a correct caller must expect. */
	HPTE_ERR_NOTFOUND	= -1,	/* no entry there, or none matches */
	HPTE_ERR_FULL		= -2,	/* no free slot where one was asked */
	HPTE_ERR_AGAIN		= -3,	/* another CPU was at work: try again */

	/* The guest handed us something the architecture does not allow. */
	HPTE_ERR_INDEX		= -16,	/* entry index outside the table */
	HPTE_ERR_ENCODING	= -17,	/* reserved or unsupported encoding */

	/* The host handed us something this interface does not allow. */
	HPTE_ERR_PARAM		= -32,	/* bad size, alignment or flag */
	HPTE_ERR_UNSUPPORTED	= -33	/* not built in, or not on this CPU */
};

#endif /* HPTE_STATUS_H */
