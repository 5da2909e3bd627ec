/* SPDX-License-Identifier: GPL-2.0 */
/*
 * page_pinner: the refcount operations.  <linux/page_ref.h> includes this, and
 * so nearly everything does: it must stay small, know nothing of the trace
 * events, and include neither page_ext.h nor tracepoint.h.  What the failing
 * code calls is in <linux/page_pinner.h>.
 */
#ifndef _LINUX_PAGE_PINNER_REF_H
#define _LINUX_PAGE_PINNER_REF_H

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/jump_label.h>
#include <linux/mm_types.h>

#ifdef CONFIG_PAGE_PINNER

/* Slow paths; see mm/page_pinner_ref.c.  Inlined callers live in modules too. */
DECLARE_STATIC_KEY_FALSE(page_pinner_key);
DECLARE_STATIC_KEY_FALSE(page_pinner_ref_key);
int __page_pinner_mod(struct page *page, int delta);
bool __page_pinner_add_unless(struct page *page, int nr, int u);
bool __page_pinner_freeze(struct page *page, int count);
void __page_pinner_unfreeze(struct page *page, int count);
void __page_pinner_set(struct page *page, int count);

/**
 * page_pinner_active - does anybody listen to page_pinner, or watch?
 *
 * A static branch: true only after a boot with page_pinner=on and while an
 * event of the page_pinner trace system is enabled or folios are watched.
 *
 * Context: any.
 * Return: true if failures must be told.
 */
static __always_inline bool page_pinner_active(void)
{
	return static_branch_unlikely(&page_pinner_key);
}

#define PAGE_PINNER_GATE_BITS	12

/**
 * struct page_pinner_gate - where folios are marked or watched
 * @may: by hash of the page: 0 where no folio is
 *
 * Read by each operation while anybody listens, written only when a mark or a
 * watch begins or ends.
 */
struct page_pinner_gate {
	u8 may[1 << PAGE_PINNER_GATE_BITS];
};

extern struct page_pinner_gate page_pinner_gate;

static __always_inline u32 page_pinner_gate_hash(const struct page *page)
{
	return hash_32((u32)(unsigned long)page, PAGE_PINNER_GATE_BITS);
}

/**
 * page_pinner_may - may a page be marked or watched?
 * @page: which
 *
 * Right whenever it says no.  A mark that is just being set may be overlooked;
 * so may it by the full test.
 *
 * Context: any.
 * Return: false if it is neither.
 */
static __always_inline bool page_pinner_may(const struct page *page)
{
	return READ_ONCE(page_pinner_gate.may[page_pinner_gate_hash(page)]);
}

/**
 * page_pinner_gated - must an operation on a page take the slow path?
 * @page: which
 *
 * Context: any.
 * Return: true if so.
 */
static __always_inline bool page_pinner_gated(const struct page *page)
{
	return static_branch_unlikely(&page_pinner_ref_key) && unlikely(page_pinner_may(page));
}

/*
 * The operations of <linux/page_ref.h>.  Where the gate lets it in, the slow path
 * does the operation in place of the caller: only so is the count that it
 * left known exactly, and only so can the mark be looked up before the last
 * reference may go away.
 */

static inline void page_pinner_ref_add(struct page *page, int nr)
{
	if (page_pinner_gated(page))
		__page_pinner_mod(page, nr);
	else
		atomic_add(nr, &page->_refcount);
}

static inline void page_pinner_ref_sub(struct page *page, int nr)
{
	if (page_pinner_gated(page))
		__page_pinner_mod(page, -nr);
	else
		atomic_sub(nr, &page->_refcount);
}

static inline void page_pinner_ref_inc(struct page *page)
{
	if (page_pinner_gated(page))
		__page_pinner_mod(page, 1);
	else
		atomic_inc(&page->_refcount);
}

static inline void page_pinner_ref_dec(struct page *page)
{
	if (page_pinner_gated(page))
		__page_pinner_mod(page, -1);
	else
		atomic_dec(&page->_refcount);
}

static inline int page_pinner_ref_sub_return(struct page *page, int nr)
{
	if (page_pinner_gated(page))
		return __page_pinner_mod(page, -nr);
	return atomic_sub_return(nr, &page->_refcount);
}

static inline int page_pinner_ref_inc_return(struct page *page)
{
	if (page_pinner_gated(page))
		return __page_pinner_mod(page, 1);
	return atomic_inc_return(&page->_refcount);
}

static inline int page_pinner_ref_dec_return(struct page *page)
{
	if (page_pinner_gated(page))
		return __page_pinner_mod(page, -1);
	return atomic_dec_return(&page->_refcount);
}

static inline bool page_pinner_ref_sub_and_test(struct page *page, int nr)
{
	if (page_pinner_gated(page))
		return __page_pinner_mod(page, -nr) == 0;
	return atomic_sub_and_test(nr, &page->_refcount);
}

static inline bool page_pinner_ref_dec_and_test(struct page *page)
{
	if (page_pinner_gated(page))
		return __page_pinner_mod(page, -1) == 0;
	return atomic_dec_and_test(&page->_refcount);
}

static inline bool page_pinner_ref_add_unless(struct page *page, int nr, int u)
{
	if (page_pinner_gated(page))
		return __page_pinner_add_unless(page, nr, u);
	return atomic_add_unless(&page->_refcount, nr, u);
}

static inline bool page_pinner_ref_freeze(struct page *page, int count)
{
	if (page_pinner_gated(page))
		return __page_pinner_freeze(page, count);
	return likely(atomic_cmpxchg(&page->_refcount, count, 0) == count);
}

static inline void page_pinner_ref_unfreeze(struct page *page, int count)
{
	if (page_pinner_gated(page))
		__page_pinner_unfreeze(page, count);
	else
		atomic_set_release(&page->_refcount, count);
}

static inline void page_pinner_ref_set(struct page *page, int count)
{
	if (page_pinner_gated(page))
		__page_pinner_set(page, count);
	else
		atomic_set(&page->_refcount, count);
}

#else /* !CONFIG_PAGE_PINNER */

static __always_inline bool page_pinner_active(void)
{
	return false;
}

/*
 * Macros, not inline functions: another layer of inlining changes what the
 * compiler makes of the callers, and without the feature no object may differ
 * from one that never heard of it.
 */
#define page_pinner_ref_add(page, nr)		atomic_add(nr, &(page)->_refcount)
#define page_pinner_ref_sub(page, nr)		atomic_sub(nr, &(page)->_refcount)
#define page_pinner_ref_inc(page)		atomic_inc(&(page)->_refcount)
#define page_pinner_ref_dec(page)		atomic_dec(&(page)->_refcount)
#define page_pinner_ref_sub_return(page, nr)	atomic_sub_return(nr, &(page)->_refcount)
#define page_pinner_ref_inc_return(page)	atomic_inc_return(&(page)->_refcount)
#define page_pinner_ref_dec_return(page)	atomic_dec_return(&(page)->_refcount)
#define page_pinner_ref_sub_and_test(page, nr)	atomic_sub_and_test(nr, &(page)->_refcount)
#define page_pinner_ref_dec_and_test(page)	atomic_dec_and_test(&(page)->_refcount)
#define page_pinner_ref_add_unless(page, nr, u)	atomic_add_unless(&(page)->_refcount, nr, u)
#define page_pinner_ref_freeze(page, count)	\
({						\
	int __count = (count);			\
	likely(atomic_cmpxchg(&(page)->_refcount, __count, 0) == __count); \
})
#define page_pinner_ref_unfreeze(page, count)	atomic_set_release(&(page)->_refcount, count)
#define page_pinner_ref_set(page, count)	atomic_set(&(page)->_refcount, count)

#endif /* CONFIG_PAGE_PINNER */

#endif /* _LINUX_PAGE_PINNER_REF_H */
