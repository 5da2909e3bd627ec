/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of page_pinner share; mm/page_pinner.c tells how it works.
 * See <linux/page_pinner.h> for the interface to the rest of the kernel.
 */
#ifndef _MM_PAGE_PINNER_H
#define _MM_PAGE_PINNER_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/page_pinner_types.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/types.h>

struct page_ext;

/* === Marks, mm/page_pinner_mark.c ========================================= */

/* No more marks than this, whatever max_marked says. */
#define PAGE_PINNER_MAX_MARKED	16384U
#define PAGE_PINNER_MAX_EVENTS	4096

/**
 * struct page_pinner_ext - what page_ext holds for each page
 * @word: slot and id of its mark, 0: no mark
 */
struct page_pinner_ext {
	unsigned long word;
};

/**
 * struct page_pinner_mark - particulars of one mark
 * @seq: its id, and the number of operations so far; closed by the unmark
 * @logged: its id, and the get and put events emitted
 * @dropped: its id, and the get and put events suppressed by the budget
 * @skipped: its id, and those of them that cancel each other out
 * @low: its id, and the lowest refcount seen since
 * @start_ns: local_clock() at the failure
 * @pfn: of the marked head page
 * @repeats: failures under this mark by reason
 * @reason: of the failure that set the mark
 *
 * The counters carry the id in their upper half, so that a hook which is late
 * does not write into those of the slot's next owner; see page_pinner_tick().
 * The others are set before the mark is published and stay.
 */
struct page_pinner_mark {
	atomic64_t seq;
	atomic64_t logged;
	atomic64_t dropped;
	atomic64_t skipped;
	atomic64_t low;
	u64 start_ns;
	unsigned long pfn;
	u32 repeats[NR_PAGE_PINNER_REASONS];
	u8 reason;
};

/**
 * struct page_pinner_found - a mark, as a page's page_ext named it
 * @mark: its slot; NULL: the page has no mark
 * @word: what page_ext held: slot and id
 * @id: number of the mark, never 0; 0 without a mark
 * @reason: of the failure that set the mark
 */
struct page_pinner_found {
	struct page_pinner_mark *mark;
	unsigned long word;
	u32 id;
	u8 reason;
};

/* No folio is larger; a page that changes under us may look as if it were. */
#define PAGE_PINNER_MAX_ORDER	24

/**
 * struct page_pinner_sample - what a page looked like at one moment
 * @flags: page flags, without zone, node and section
 * @mapping: page->mapping, never followed
 * @mapcount: page table mappings of the whole folio, 0 for pages with a type
 * @expected: references that mappings, caches and private data account for;
 *	-1 where there is no rule for this kind of page
 * @order: of the folio
 * @user: may user space or the page cache see it?
 * @hugetlb: is it a page of hugetlb?
 */
struct page_pinner_sample {
	unsigned long flags;
	unsigned long mapping;
	int mapcount;
	int expected;
	u8 order;
	bool user;
	bool hugetlb;
};

/* === Ranges and controls ================================================== */

/**
 * struct page_pinner_ranges - a set of PFN ranges, replaced as a whole
 * @rcu: readers are inside rcu_read_lock()
 * @nr: ranges in use
 * @range: first PFN, the PFN after the last, and whether only pages of hugetlb
 *	are meant
 */
struct page_pinner_ranges {
	struct rcu_head rcu;
	unsigned int nr;
	struct {
		unsigned long start;
		unsigned long end;
		bool hugetlb;
	} range[] __counted_by(nr);
};

/**
 * struct page_pinner_ctl - what an administrator can set
 * @max_marked: number of marks at which further ones are refused
 * @max_events: get and put events of one mark that are always logged
 * @watch: folios to follow before anything failed; NULL: none
 * @on_demand: operations are diverted only while something is marked or watched
 * @watch_start: no folio of @watch begins before this PFN
 * @watch_end: nor at or after this one; 0: none is watched
 * @filter: failures elsewhere are ignored; NULL: none is
 * @scan: where the debugfs file "scan" looks; NULL: nowhere
 */
struct page_pinner_ctl {
	u32 max_marked;
	u32 max_events;
	bool on_demand;
	struct page_pinner_ranges __rcu *watch;
	unsigned long watch_start;
	unsigned long watch_end;
	struct page_pinner_ranges __rcu *filter;
	struct page_pinner_ranges __rcu *scan;
};

extern struct page_pinner_ctl page_pinner_ctl;
extern struct mutex page_pinner_ctl_mutex;	/* writers of its ranges */

/**
 * struct page_pinner_set_file - an open file of ranges
 * @set: which
 * @replace: opened with O_TRUNC and nothing written yet
 */
struct page_pinner_set_file {
	struct page_pinner_ranges __rcu **set;
	bool replace;
};

/* === Open gets, mm/page_pinner_holders.c ================================== */

/* 16 return addresses of the holder, and those of this feature before them. */
#define PAGE_PINNER_HOLDER_DEPTH	20

/* Entries that are looked at for one folio, so the most that it can have. */
#define PAGE_PINNER_WINDOW	32U

/**
 * enum page_pinner_origin - whose reference a get takes, or a put gives back
 * @PAGE_PINNER_ORIGIN_OTHER: somebody's
 * @PAGE_PINNER_ORIGIN_BATCH: that of a per-CPU batch of the LRU or of mlock
 * @PAGE_PINNER_ORIGIN_MAPPING: that of a page table
 */
enum page_pinner_origin {
	PAGE_PINNER_ORIGIN_OTHER,
	PAGE_PINNER_ORIGIN_BATCH,
	PAGE_PINNER_ORIGIN_MAPPING,
};

/**
 * struct page_pinner_holder - a get that left an unexpected reference
 * @start_ns: local_clock() when the get was done
 * @refs: references that are still its own
 * @expected: of the folio's references then
 * @spare: unexpected references without an entry, the fewest since
 * @pid: of the task, below 0 for an interrupt
 * @comm: of the task
 * @ctx: &enum page_pinner_ctx
 * @origin: &enum page_pinner_origin
 * @depth: return addresses in @stack
 * @stack: who took it, innermost first
 */
struct page_pinner_holder {
	u64 start_ns;
	int refs;
	int expected;
	int spare;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	u8 ctx;
	u8 origin;
	u8 depth;
	unsigned long stack[PAGE_PINNER_HOLDER_DEPTH];
};

/* All that is on record, older than what is under way or not. */
#define PAGE_PINNER_EVER	U64_MAX

/**
 * struct page_pinner_want - what is asked of an open get
 * @before_ns: it ended before this
 * @pid: of this task; 0: of any
 * @refs: of this size; 0: of any
 * @origin: &enum page_pinner_origin; -1: any
 */
struct page_pinner_want {
	u64 before_ns;
	pid_t pid;
	int refs;
	int origin;
};

/**
 * struct page_pinner_open - the open gets of a folio, as they were when read
 * @nr: how many
 * @refs: of all of them
 * @accounted: those, and what was there without a get; see page_pinner_accounted()
 * @holder: copies
 */
struct page_pinner_open {
	unsigned int nr;
	int refs;
	int accounted;
	struct page_pinner_holder holder[PAGE_PINNER_WINDOW];
};

/* "PID COMM", each byte of COMM escaped as "\ooo". */
#define PAGE_PINNER_WHO_LEN	(12 + 4 * TASK_COMM_LEN)

/* === What is held now, mm/page_pinner_look.c ============================== */

/**
 * struct page_pinner_seen - a folio with more references than expected
 * @pos: of the walk
 * @pfn: of its head page
 * @refcount: at the look
 * @steady: two looks agreed
 * @sample: at the look
 */
struct page_pinner_seen {
	loff_t pos;
	unsigned long pfn;
	int refcount;
	bool steady;
	struct page_pinner_sample sample;
};

/* === Gate, mm/page_pinner_gate.c ========================================== */

/* With the most marks that there can be, three bits of a hundred are set. */
#define PAGE_PINNER_FILTER_BITS	19
extern unsigned long *page_pinner_filter;
extern bool page_pinner_ref_on;

static inline u32 page_pinner_filter_hash(const struct page *page)
{
	return hash_32((u32)(unsigned long)page, PAGE_PINNER_FILTER_BITS);
}

/**
 * page_pinner_maybe - may a page that the gate let in be marked or watched?
 * @page: which
 *
 * Not as cheap as page_pinner_may(), but says yes in vain less often.
 *
 * Return: false if it is neither.
 */
static __always_inline bool page_pinner_maybe(const struct page *page)
{
	unsigned long end = READ_ONCE(page_pinner_ctl.watch_end);
	unsigned long pfn;

	if (test_bit(page_pinner_filter_hash(page), page_pinner_filter))
		return true;
	if (!end)
		return false;
	pfn = page_to_pfn(page);
	return pfn >= READ_ONCE(page_pinner_ctl.watch_start) && pfn < end;
}

/* === Statistics =========================================================== */

/**
 * enum page_pinner_stat_item - what the debugfs file "stats" counts
 * @PAGE_PINNER_STAT_FAILED: failure events emitted
 * @PAGE_PINNER_STAT_REPEATED: failures of a marked folio not emitted again
 * @PAGE_PINNER_STAT_UNMARKED_DROPPED: failures without mark over their rate
 * @PAGE_PINNER_STAT_MARKED: marks set
 * @PAGE_PINNER_STAT_REFUSED: marks refused for lack of budget
 * @PAGE_PINNER_STAT_NO_PAGE_EXT: marks refused for want of page_ext
 * @PAGE_PINNER_STAT_FREED: marks ended because the folio was freed
 * @PAGE_PINNER_STAT_SETTLED: marks ended because nothing unexpected was left
 * @PAGE_PINNER_STAT_CLEARED: marks ended by "clear" or for lack of listeners
 * @PAGE_PINNER_STAT_LOGGED: get and put events emitted
 * @PAGE_PINNER_STAT_DROPPED: get and put events over their budget
 * @PAGE_PINNER_STAT_GATE_LEFT: times that an NMI could not close the gate
 * @PAGE_PINNER_STAT_GETS_OPENED: open gets recorded
 * @PAGE_PINNER_STAT_GETS_CLOSED: open gets given back, or expected by now
 * @PAGE_PINNER_STAT_GETS_REFUSED: open gets that found no room in the pool
 * @PAGE_PINNER_STAT_GETS_BUSY: puts that may have found their get just being
 *	worked on
 * @NR_PAGE_PINNER_STATS: number of items
 *
 * The three ways a mark ends are in the order of &enum page_pinner_why.
 */
enum page_pinner_stat_item {
	PAGE_PINNER_STAT_FAILED,
	PAGE_PINNER_STAT_REPEATED,
	PAGE_PINNER_STAT_UNMARKED_DROPPED,
	PAGE_PINNER_STAT_MARKED,
	PAGE_PINNER_STAT_REFUSED,
	PAGE_PINNER_STAT_NO_PAGE_EXT,
	PAGE_PINNER_STAT_FREED,
	PAGE_PINNER_STAT_SETTLED,
	PAGE_PINNER_STAT_CLEARED,
	PAGE_PINNER_STAT_LOGGED,
	PAGE_PINNER_STAT_DROPPED,
	PAGE_PINNER_STAT_GATE_LEFT,
	PAGE_PINNER_STAT_GETS_OPENED,
	PAGE_PINNER_STAT_GETS_CLOSED,
	PAGE_PINNER_STAT_GETS_REFUSED,
	PAGE_PINNER_STAT_GETS_BUSY,
	NR_PAGE_PINNER_STATS
};

DECLARE_PER_CPU(unsigned long [NR_PAGE_PINNER_STATS], page_pinner_stat);

static inline void page_pinner_count(enum page_pinner_stat_item item)
{
	this_cpu_inc(page_pinner_stat[item]);
}

/* === Functions ============================================================ */

extern int page_pinner_listeners;
int page_pinner_hold(void);
void page_pinner_drop(void);

bool page_pinner_ranges_hit(struct page_pinner_ranges __rcu **set,
			    const struct page *page, unsigned int order);
struct page_pinner_ranges *
page_pinner_ranges_parse(const struct page_pinner_ranges *old, char *text);
int page_pinner_ranges_install(struct page_pinner_ranges __rcu **set,
			       struct page_pinner_ranges *new);
int page_pinner_ranges_copy(struct page_pinner_ranges __rcu **set,
			    struct page_pinner_ranges **copy);
bool page_pinner_watched(const struct page *page, unsigned int order);

int page_pinner_pool_alloc(void);
unsigned long page_pinner_pool_size(void);
unsigned long page_pinner_pool_used(void);
unsigned long page_pinner_pool_mine(unsigned long pfn);
struct page_pinner_holder *page_pinner_pool_peek(unsigned long pfn, unsigned int i);
struct page_pinner_holder *page_pinner_pool_claim(unsigned long pfn, unsigned int i);
struct page_pinner_holder *page_pinner_pool_add(unsigned long pfn, unsigned int *i);
void page_pinner_pool_release(unsigned long pfn, unsigned int i, bool keep);
bool page_pinner_pool_busy(unsigned long pfn);
bool page_pinner_pool_refused(unsigned long pfn);
bool page_pinner_pool_copy(unsigned long pfn, unsigned int i, struct page_pinner_holder *copy);
void page_pinner_pool_forget(void);

void page_pinner_origin_init(void);
enum page_pinner_origin page_pinner_origin(const unsigned long *stack, unsigned int depth);
int page_pinner_own_frames(const struct page_pinner_holder *holder);

void page_pinner_holders_account(const struct page *page,
				 const struct page_pinner_sample *sample,
				 int delta, int count, u64 start_ns);
void page_pinner_holders_settle(unsigned long pfn, u64 before_ns);
void page_pinner_holders_review(const struct page *page,
				const struct page_pinner_sample *sample, int refcount);

int page_pinner_recorded(unsigned long pfn, u64 before_ns);
int page_pinner_accounted(unsigned long pfn, u64 before_ns);
int page_pinner_find(unsigned long pfn, const struct page_pinner_want *want, int *nr);
int page_pinner_close(unsigned long pfn, unsigned int i, int refs);
void page_pinner_spare(unsigned long pfn, int spare);
void page_pinner_risen(unsigned long pfn, int expected, int excess, u64 before_ns);
void page_pinner_open_take(unsigned long pfn, struct page_pinner_open *open);

extern const char * const page_pinner_ctx_names[];
void page_pinner_who(const struct page_pinner_holder *holder,
		     char text[PAGE_PINNER_WHO_LEN]);

/**
 * page_pinner_record - how sure it is that a get is open
 * @holder: the get
 * @sure: no more is accounted for than is unexpected
 *
 * Return: a word for readers.
 */
static inline const char *page_pinner_record(const struct page_pinner_holder *holder, bool sure)
{
	if (holder->origin == PAGE_PINNER_ORIGIN_BATCH)
		return "batch";
	return sure ? "held" : "one_of";
}

/**
 * page_pinner_unknown - why there are unexpected references without a get
 * @pfn: of the folio
 *
 * Return: a word for readers.
 */
static inline const char *page_pinner_unknown(unsigned long pfn)
{
	return page_pinner_pool_refused(pfn) ? "refused" : "unrecorded";
}

/* Size of the pool of open gets, rounded up to a power of two; "gets=" at boot. */
extern unsigned int page_pinner_pool_wanted;

void page_pinner_sample(const struct page *page, struct page_pinner_sample *sample);
bool page_pinner_settled(struct page *page, const struct page_pinner_sample *sample,
			 int own, int count);

int page_pinner_marks_alloc(void);
bool page_pinner_mark_find(struct page_ext *page_ext, struct page_pinner_found *found);
bool page_pinner_mark_set(struct page_ext *page_ext, struct folio *folio, u8 reason,
			  struct page_pinner_found *found, bool *new);
void page_pinner_mark_end(struct page_ext *page_ext, const struct page_pinner_found *found,
			  const struct page_pinner_sample *sample, int refcount, u8 why);
void page_pinner_unmark_watched(unsigned long pfn, const struct page_pinner_sample *sample,
				int refcount);
bool page_pinner_is_new_low(const struct page_pinner_found *found, int count);
u32 page_pinner_repeat(const struct page_pinner_found *found, u8 reason);
u32 page_pinner_tick(atomic64_t *counter, u32 id);
unsigned long page_pinner_mark_next(unsigned long *slot);
bool page_pinner_is_marked(const struct page *page);
bool page_pinner_tally(atomic64_t *counter, u32 id, int n);
void page_pinner_clear(unsigned long start, unsigned long end);
int page_pinner_marked(void);

u32 page_pinner_last_id(void);

/* Elsewhere a page that is not there yet has no address to hash. */
#define PAGE_PINNER_GATE_HASHES_ALL \
	(IS_ENABLED(CONFIG_SPARSEMEM_VMEMMAP) || IS_ENABLED(CONFIG_FLATMEM))

int page_pinner_gate_alloc(void);
bool page_pinner_gate_add(const struct page *page);
void page_pinner_gate_del(const struct page *page);
void page_pinner_gate_watch(const struct page_pinner_ranges *ranges, bool more);
void page_pinner_ref_follow(void);
void page_pinner_ref_demand(void);

bool page_pinner_budget_watched(unsigned long pfn, u8 ctx);
bool page_pinner_budget_marked(const struct page_pinner_ref *ref,
			       struct page_pinner_mark *mark, bool must);
void page_pinner_budget_tell(const struct page_pinner_found *found);
void page_pinner_ref_write(struct page_pinner_ref *ref, struct page_pinner_mark *mark);

/**
 * page_pinner_ticks - the number in a counter of &struct page_pinner_mark
 * @counter: which
 *
 * Return: the lower half, without the id.
 */
static inline u32 page_pinner_ticks(const atomic64_t *counter)
{
	return atomic64_read(counter);
}

/**
 * page_pinner_blind - is this an NMI that must not look at marks?
 *
 * Where a 64-bit atomic is a spinlock, an NMI may have interrupted its owner.
 * What an NMI does to marked folios is not logged there.
 *
 * Return: true if so.
 */
static inline bool page_pinner_blind(void)
{
	return IS_ENABLED(CONFIG_GENERIC_ATOMIC64) && in_nmi();
}

/**
 * page_pinner_stays_movable - does a page lie where only movable ones belong?
 * @page: any
 *
 * Context: any.
 * Return: true in a movable pageblock or CMA, unless somebody has isolated it.
 */
static inline bool page_pinner_stays_movable(const struct page *page)
{
	int type = get_pageblock_migratetype(page);

	return type == MIGRATE_MOVABLE || is_migrate_cma(type);
}

/**
 * page_pinner_ctx - the context that an event names
 *
 * Return: &enum page_pinner_ctx
 */
static inline u8 page_pinner_ctx(void)
{
	if (in_nmi())
		return PAGE_PINNER_CTX_NMI;
	if (in_hardirq())
		return PAGE_PINNER_CTX_HARDIRQ;
	if (in_serving_softirq())
		return PAGE_PINNER_CTX_SOFTIRQ;
	return PAGE_PINNER_CTX_TASK;
}

#ifdef CONFIG_DEBUG_FS
struct file;
struct seq_file;
bool page_pinner_see(unsigned long pfn, bool hugetlb, struct page_pinner_seen *seen);
bool page_pinner_see_again(struct page_pinner_seen *seen);
void page_pinner_show_folio(struct seq_file *m, const struct page_pinner_seen *seen,
			    struct page_pinner_open *open);
extern const struct file_operations page_pinner_scan_fops;
extern const struct file_operations page_pinner_holders_fops;
ssize_t page_pinner_ranges_write(struct file *file, const char __user *buf,
				 size_t len, loff_t *ppos);
#endif

/* === Interleavings, for the KUnit suite =================================== */

/**
 * enum page_pinner_point - where another CPU may come in between
 * @PAGE_PINNER_POINT_WANTED: a failure is wanted, the mark not yet looked for
 * @PAGE_PINNER_POINT_MARKED: a failure has set its mark
 * @PAGE_PINNER_POINT_FOUND: an operation has found the mark
 * @PAGE_PINNER_POINT_SAMPLED: and has sampled the folio
 * @PAGE_PINNER_POINT_DONE: and is done, but not yet logged
 * @PAGE_PINNER_POINT_ENDED: a mark has left its page's page_ext
 * @PAGE_PINNER_POINT_NOTED: a failed try has written its note
 */
enum page_pinner_point {
	PAGE_PINNER_POINT_WANTED,
	PAGE_PINNER_POINT_MARKED,
	PAGE_PINNER_POINT_FOUND,
	PAGE_PINNER_POINT_SAMPLED,
	PAGE_PINNER_POINT_DONE,
	PAGE_PINNER_POINT_ENDED,
	PAGE_PINNER_POINT_NOTED,
};

#ifdef CONFIG_PAGE_PINNER_KUNIT_TEST
extern void (*page_pinner_interleave)(enum page_pinner_point point);

static inline void page_pinner_point(enum page_pinner_point point)
{
	void (*interleave)(enum page_pinner_point) = READ_ONCE(page_pinner_interleave);

	if (unlikely(interleave))
		interleave(point);
}
#else
static inline void page_pinner_point(enum page_pinner_point point)
{
}
#endif

#endif /* _MM_PAGE_PINNER_H */
