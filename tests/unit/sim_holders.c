// SPDX-License-Identifier: GPL-2.0
/*
 * Who keeps references too long: they are what a report should name; see
 * sim.h.  The same mechanisms, used after a failure, are innocents.
 */
#include "sim.h"

#include <stdio.h>

#include "sim_paths.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Who gives it back. */
enum release { BY_SELF, BY_OTHER, BY_KWORKER, BY_SOFTIRQ, BY_HARDIRQ };

/**
 * struct sim_way - a way to hold a folio
 * @get: stack of the get
 * @put: and of the put
 * @pin: by FOLL_PIN
 * @release: how it is given back, bits of enum release
 * @unknown: no family of the table's, and no module
 */
struct sim_way {
	const char *get, *put;
	bool pin;
	unsigned int release;
	bool unknown;
};

#define SELF	(1u << BY_SELF)
#define OTHER	(1u << BY_OTHER)
#define WORKER	(1u << BY_KWORKER)
#define SOFT	(1u << BY_SOFTIRQ)
#define HARD	(1u << BY_HARDIRQ)

static const struct sim_way ways[] = {
	{ GUP "get_user_pages_fast iov_iter_get_pages2 =iter_to_pipe =__do_sys_vmsplice " SYSCALL,
	  PUT "=generic_pipe_buf_release =pipe_read vfs_read " SYSCALL, false, SELF | OTHER },
	{ GUP "pin_user_pages_fast =ib_umem_get@ib_uverbs =ib_uverbs_reg_mr@ib_uverbs " SYSCALL,
	  UNPIN "unpin_user_page_range_dirty_lock =__ib_umem_release@ib_uverbs "
	  "=ib_umem_release@ib_uverbs " SYSCALL, true, SELF | WORKER },
	{ GET "=skb_splice_from_iter =tcp_sendmsg_locked =tcp_sendmsg " SYSCALL,
	  PUT "=skb_release_data =consume_skb =tcp_ack =tcp_rcv_established ", false,
	  SELF | OTHER | SOFT },
	{ GUP "pin_user_pages_fast =io_sqe_buffer_register =io_sqe_buffers_register " SYSCALL,
	  UNPIN "unpin_user_page =io_buffer_unmap =io_rsrc_node_ref_zero ", true,
	  SELF | WORKER | SOFT },
	{ GUP "pin_user_pages_fast iov_iter_extract_pages =bio_iov_iter_get_pages "
	  "=blkdev_direct_IO " SYSCALL,
	  UNPIN "unpin_user_folio =__bio_release_pages =blkdev_bio_end_io ", true,
	  SELF | SOFT | HARD | WORKER },
	{ TRY_GET "filemap_get_entry __filemap_get_folio =drv_object_get_pages =drv_ioctl " SYSCALL,
	  PUT "=drv_object_put_pages =drv_retire_work ", false, SELF | WORKER | OTHER, true },
	{ GUP "pin_user_pages_fast =mm_iommu_do_alloc =mm_iommu_new " SYSCALL,
	  UNPIN "unpin_user_page =mm_iommu_unpin =mm_iommu_free ", true, SELF | SOFT | WORKER, true },
	{ TRY_GET "filemap_get_entry __filemap_get_folio =nfs_readdir_get =nfs_readdir " SYSCALL,
	  PUT "=nfs_read_completion =rpc_async_release =process_one_work ", false, WORKER | SOFT, true },
	{ TRY_GET "filemap_get_read_batch -filemap_get_pages filemap_read vfs_read " SYSCALL,
	  BATCH_PUT "?folio_batch_release filemap_read vfs_read " SYSCALL, false, SELF },
	{ GET "=xmit_map_page@xnet =xnet_start@xnet ", PUT "=xnet_complete@xnet =xnet_poll@xnet ",
	  false, SELF | SOFT | HARD },
};

/* What an interrupt finds running is on its stack, too. */
static const char *const below[] = {
	"filemap_read vfs_read " SYSCALL,
	"-__alloc_contig_migrate_range alloc_contig_range_noprof cma_alloc " SYSCALL,
	"do_idle cpu_startup_entry",
	"-zap_pte_range -unmap_page_range unmap_vmas exit_mmap do_exit " SYSCALL,
};

static void put_in(struct sim *s, struct sim_actor *a, int32_t units)
{
	static const char *const roots[] = {
		[CTX_TASK] = "process_one_work !worker_thread !kthread",
		[CTX_SOFTIRQ] = "rcu_do_batch -rcu_core !handle_softirqs -irq_exit_rcu "
			"!sysvec_apic_timer_interrupt !asm_sysvec_apic_timer_interrupt ",
		[CTX_HARDIRQ] = "!__handle_irq_event_percpu !handle_irq_event !common_interrupt "
			"!asm_common_interrupt ",
	};
	bool irq = a->by.ctx != CTX_TASK;
	char spec[700];

	if (irq && sim_on(s, SIM_IRQ))
		a->by.task = sim_pick(s, 3) ? sim_pick(s, SIM_NR_PEOPLE) : CMA_TAKE;
	snprintf(spec, sizeof(spec), "%s%s%s", a->way->put,
		 irq || a->by.task == SIM_KWORKER ? roots[a->by.ctx] : "",
		 irq ? below[a->by.task == CMA_TAKE ? 1 : a->by.task == SWAPPER ? 2 :
			     sim_pick(s, 2) * 3] : "");
	sim_put(s, a->by, a->ref[0], units, spec);
}

static struct sim_who releaser(struct sim *s, const struct sim_actor *a)
{
	struct sim_who who = a->who;
	unsigned int allowed = a->way->release, by;

	if (!sim_on(s, SIM_HAND_OVER) && allowed & SELF)
		allowed &= ~(OTHER | WORKER);
	if (!sim_on(s, SIM_IRQ) && allowed & ~(SOFT | HARD))
		allowed &= ~(SOFT | HARD);
	do {
		by = sim_pick(s, 5);
	} while (!(allowed & (1u << by)));
	switch (by) {
	case BY_OTHER:
		who.task = sim_between(s, ALICE, DAVE);
		break;
	case BY_KWORKER:
		who.task = SIM_KWORKER;
		break;
	case BY_SOFTIRQ:
	case BY_HARDIRQ:
		who.task = sim_pick(s, 2) ? SWAPPER : KSOFTIRQD;
		who.ctx = by == BY_SOFTIRQ ? CTX_SOFTIRQ : CTX_HARDIRQ;
		break;
	}
	return who;
}

static int32_t how_many(struct sim *s, const struct sim_way *way)
{
	int max = 1 << s->order;

	if (!s->order)
		return way->pin ? 1024 : sim_on(s, SIM_BIG_PUT) && !sim_pick(s, 3) ? 16 : 1;
	return sim_on(s, SIM_BIG_PUT) ? sim_between(s, 1, max) : 1;
}

/* Taken, held for @flag steps, given back at once or in groups. */
static bool path_hold(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	a->n = how_many(s, a->way);
	a->by = releaser(s, a);
	if (a->way->pin && !s->order && sim_pick(s, 2)) {
		a->ref[0] = sim_get(s, a->who, 1, a->way->get);
		a->in_call = true;
		NEXT(a);
		a->in_call = false;
		sim_get_more(s, a->who, a->ref[0], 1023, a->way->get);
	} else {
		a->ref[0] = sim_get(s, a->who, a->n, a->way->get);
	}
	s->refs[a->ref[0]].pin = a->way->pin && !s->order;
	a->exited = a->by.task != a->who.task;
	SLEEP(a, a->flag);
	if (sim_pick(s, 12) == 0)
		return false;		/* kept for ever */
	while (a->n) {
		a->i = !sim_on(s, SIM_BIG_PUT) || s->refs[a->ref[0]].pin || sim_pick(s, 2) ||
		       a->n > 24 ? a->n : 1;
		put_in(s, a, a->i);
		a->n -= a->i;
		if (a->n)
			SLEEP(a, sim_pick(s, 3));
	}
	DONE();
}

static struct sim_actor *add(struct sim *s, const struct sim_way *same, int wait, int hold)
{
	const struct sim_way *way = same ? same : &ways[sim_pick(s, ARRAY_LEN(ways))];
	struct sim_actor *a = sim_actor(s, path_hold, sim_between(s, ALICE, BOB), wait);

	if (!a)
		return NULL;
	a->way = way;
	a->flag = hold;
	a->holder = true;
	a->pins = way->pin;
	a->unknown = way->unknown || s->build.unknown_holders;
	return a;
}

void sim_add_holders(struct sim *s)
{
	int nr = sim_pick(s, 3), most = sim_on(s, SIM_PAST) ? 60 : sim_on(s, SIM_LONG) ? 1500 : 160;
	const struct sim_way *same = NULL;
	struct sim_actor *a;

	/* Several owners of one kind: who reads whose pipe? */
	if (sim_on(s, SIM_HAND_OVER) && sim_pick(s, 2))
		same = &ways[sim_pick(s, ARRAY_LEN(ways))];
	/* a folio that others hold does not split */
	add(s, same, sim_on(s, SIM_SPLIT) ? sim_pick(s, 15) : 0, sim_between(s, 15, most));
	while (nr--)
		add(s, same, sim_pick(s, 60), sim_pick(s, 3) ? sim_between(s, 5, 120) : sim_pick(s, 5));
	/* whoever has the pid of one that is gone may be the one to be named */
	a = sim_on(s, SIM_REUSE) ? add(s, same, sim_pick(s, 20), sim_between(s, 15, most)) : NULL;
	if (a)
		a->who.task = FRANK;
}
