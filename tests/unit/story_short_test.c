// SPDX-License-Identifier: GPL-2.0
/*
 * Stories of references that are soon gone, and of others that seem to be: who
 * reads or exits meets a migration by chance, and holds nothing from it.
 */
#include "told.h"

#define READ "filemap_read ext4_file_read_iter vfs_read ksys_read" SYSCALL
#define READ_PUT "folio_put " READ

/* A child exits: unmapped before the page failed, the mmu_gather drops it later. */
static void exit_of_a_child(struct page *p)
{
	p->maps = p->s.count = 2;
	told_ref(p, INNOCENT, 1, "");
	told_ref(p, VICTIM, 1, ISOLATE);
	told_fails(p, 1, ISOLATE);
	told_wait(p, 6);
	told_ref(p, INNOCENT, -1, ZAP);
	told_ref(p, VICTIM, -1, ISOLATE);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* The same, and another child is forked from what is left. */
static void exit_and_fork(struct page *p)
{
	p->maps = p->s.count = 2;
	told_ref(p, INNOCENT, 1, "");
	told_ref(p, VICTIM, 1, ISOLATE);
	told_fails(p, 1, ISOLATE);
	told_ref(p, INNOCENT, 1, "copy_present_ptes copy_pte_range copy_page_range dup_mmap "
		 "copy_process kernel_clone" SYSCALL);
	p->maps++;
	told_ref(p, INNOCENT, -1, ZAP);
	told_ref(p, VICTIM, -1, ISOLATE);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* One call tries four times while a reader is at it. */
static void reader_met_by_chance(struct page *p)
{
	told_cached(p);
	told_ref(p, INNOCENT, 1, "");
	told_call(p, 4);
	told_ref(p, INNOCENT, -1, READ_PUT);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* The same, of a page that is unmapped and mapped again by each try. */
static void reader_of_a_mapped_page(struct page *p)
{
	told_cached(p);
	p->maps = 2;
	p->s.count += 2;
	told_ref(p, INNOCENT, 1, "");
	told_call(p, 4);
	told_ref(p, INNOCENT, -1, READ_PUT);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* And of two calls. */
static void mapped_page_of_two_calls(struct page *p)
{
	told_cached(p);
	p->maps = 2;
	p->s.count += 2;
	told_ref(p, CULPRIT, 1, "");
	told_call(p, 2);
	told_call(p, 2);
	told_ref(p, CULPRIT, -1, READ_PUT);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* The same, but in between another one comes and goes. */
static void readers_met_by_chance(struct page *p)
{
	told_cached(p);
	told_ref(p, INNOCENT, 1, "");
	told_ref(p, VICTIM, 1, ISOLATE);
	told_fails(p, 1, "migrate_folio_move" MIGRATE);
	told_ref(p, OTHERS, 1, "filemap_get_read_batch filemap_get_pages " READ);
	told_fails(p, 1, "migrate_folio_move" MIGRATE);
	told_ref(p, OTHERS, -1, READ_PUT);
	told_fails(p, 1, "migrate_folio_move" MIGRATE);
	told_ref(p, INNOCENT, -1, READ_PUT);
	told_ref(p, VICTIM, -1, PUTBACK);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* The disk is slow: whatever it is called, it was in the way. */
static void reader_that_waits(struct page *p)
{
	told_cached(p);
	told_ref(p, CULPRIT, 1, "");
	told_call(p, 4);
	told_wait(p, 300);
	told_ref(p, CULPRIT, -1, READ_PUT);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* Two calls find the page with it, one after the other. */
static void reader_of_two_calls(struct page *p)
{
	told_cached(p);
	told_ref(p, CULPRIT, 1, "");
	told_call(p, 4);
	told_call(p, 4);
	told_ref(p, CULPRIT, -1, READ_PUT);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* One call, but what nobody knows is not called short. */
static void driver_met_in_one_call(struct page *p)
{
	told_cached(p);
	told_ref(p, CULPRIT, 1, "");
	told_call(p, 4);
	told_ref(p, CULPRIT, -1, "mydrv_free@mydrv mydrv_release@mydrv __fput" SYSCALL);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* A reference goes while the failure is being written: the put is told before it. */
static void goes_before_it_is_told(struct page *p, int pid, const char *names)
{
	told_ref(p, VICTIM, 1, ISOLATE);
	p->s.id = 1;
	told_ref(p, pid, -1, names);
	p->s.count++;
	told_wait(p, 3);
	told_fails(p, 1, ISOLATE);
	p->s.count--;
	told_ref(p, VICTIM, -1, ISOLATE);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* As the exit of a child would be told by a table that knows nothing of exits. */
static void unknown_and_gone(struct page *p)
{
	p->maps = p->s.count = 2;
	told_ref(p, INNOCENT, 1, "");
	goes_before_it_is_told(p, INNOCENT, "f_17 f_18 f_19" SYSCALL);
}

/* The same, of a page that is watched: it had been there for half a second. */
static void unknown_and_there_for_long(struct page *p)
{
	p->maps = p->s.count = 2;
	p->watched = true;
	told_ref(p, CULPRIT, 1, "f_14 f_15 f_16" SYSCALL);
	told_wait(p, 500);
	goes_before_it_is_told(p, CULPRIT, "f_17 f_18 f_19" SYSCALL);
}

static void pipe_and_gone(struct page *p)
{
	p->maps = p->s.count = 2;
	told_ref(p, CULPRIT, 1, "");
	goes_before_it_is_told(p, CULPRIT, PIPE_PUT);
}

/*
 * Two children exit: one unmapped the page before it failed, the other between two
 * tries.  No table knows how they give back what they unmapped.
 */
static void unknown_exits(struct page *p)
{
	p->maps = p->s.count = 2;
	told_ref(p, INNOCENT, 1, "");
	told_ref(p, VICTIM, 1, ISOLATE);
	told_fails(p, 1, "migrate_folio_move" MIGRATE);
	p->maps -= 2;
	told_ref(p, VICTIM, -1, UNMAP);
	told_ref(p, VICTIM, 1, REMAP);
	p->maps++;
	told_fails(p, 1, "migrate_folio_move" MIGRATE);
	told_wait(p, 9);
	told_ref(p, INNOCENT + 10, -1, "f_17 f_18 f_19" SYSCALL);
	told_ref(p, INNOCENT, -1, "f_17 f_18 f_19" SYSCALL);
	told_ref(p, VICTIM, -1, PUTBACK);
	scene_end(&p->s, WHY_SETTLED, 0);
}

static const struct story stories[] = {
	{ "exit_of_a_child", exit_of_a_child, VERDICT_TRANSIENT, 0 },
	{ "exit_and_fork", exit_and_fork, VERDICT_TRANSIENT, 0 },
	{ "reader_met_by_chance", reader_met_by_chance, VERDICT_TRANSIENT, 0 },
	{ "reader_of_a_mapped_page", reader_of_a_mapped_page, VERDICT_UNRESOLVED, 0, .unsure = true },
	{ "mapped_page_of_two_calls", mapped_page_of_two_calls, VERDICT_NAMED, CULPRIT },
	{ "readers_met_by_chance", readers_met_by_chance, VERDICT_TRANSIENT, 0 },
	{ "reader_that_waits", reader_that_waits, VERDICT_NAMED, CULPRIT },
	{ "reader_of_two_calls", reader_of_two_calls, VERDICT_NAMED, CULPRIT },
	{ "unknown_exits", unknown_exits, VERDICT_NAMED, 0, .unsure = true },
	{ "unknown_and_gone", unknown_and_gone, VERDICT_TRANSIENT, 0 },
	{ "unknown_and_there_for_long", unknown_and_there_for_long, VERDICT_NAMED, CULPRIT },
	{ "pipe_and_gone", pipe_and_gone, VERDICT_NAMED, CULPRIT },
	{ "driver_met_in_one_call", driver_met_in_one_call, VERDICT_NAMED, CULPRIT },
};

int main(void)
{
	return told_main(stories, sizeof(stories) / sizeof(stories[0]));
}
