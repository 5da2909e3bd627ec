// SPDX-License-Identifier: GPL-2.0
/*
 * Account or evidence; see weigh.h.
 */
#include "judge/weigh.h"

#include <stdlib.h>

#include "judge/evidence.h"
#include "judge/ties.h"

void weigher_weigh(struct weigher *w, size_t index, struct stakes *out)
{
	const struct attempt *at = &w->t.ep->attempts[index];

	if (!w->tight)
		w->t.tight = w->tight = ties_find(&w->t);
	if (w->t.valued) {
		if (!w->account)
			w->account = account_new(&w->t);
		account_weigh(w->account, index, out);
	} else {
		evidence_weigh(&w->t, at, out);
	}
	stakes_doubt(out, &w->t, at);
}

void weigher_free(struct weigher *w)
{
	account_free(w->account);
	free(w->tight);
}
