// SPDX-License-Identifier: GPL-2.0
/*
 * Releases and what took them; see hints.h.
 */
#include "hints.h"

#include <stddef.h>

#include "stack.h"
#include "symbols.h"
#include "util.h"

static const struct hint hints[] = {
	{ "ib_umem_release* __ib_umem_release*",
	  "an RDMA memory region (ibv_reg_mr)",
	  "pages stay for as long as the region is registered; ib_umem asks for FOLL_LONGTERM, so they should have left CMA and ZONE_MOVABLE first" },
	{ "page_cache_pipe_buf_release generic_pipe_buf_release user_page_pipe_buf_* free_pipe_info",
	  "vmsplice, splice or tee into a pipe",
	  "the pages stay until somebody reads the pipe or closes it; vmsplice takes no FOLL_LONGTERM pin" },
	{ "io_buffer_unmap io_rsrc_buf_put io_sqe_buffers_* io_buffer_account_pin io_release_ubuf",
	  "buffers registered with io_uring (IORING_REGISTER_BUFFERS)",
	  "unregister them, or register memory that lies outside CMA and ZONE_MOVABLE" },
	{ "bio_release_pages __bio_release_pages bio_release_page dio_* iomap_dio_*",
	  "direct I/O in flight (O_DIRECT)",
	  "gone when the I/O completes: look for a slow or stuck device" },
	{ "skb_release_data skb_free_frag skb_try_coalesce __skb_frag_unref",
	  "sendfile, splice or MSG_ZEROCOPY to a socket",
	  "gone when the peer has acknowledged the data: look for a slow reader" },
	{ "put_pfn vfio_unpin_* vfio_remove_dma vfio_unmap_unpin iopt_* iommufd_*",
	  "memory mapped for a device (VFIO, iommufd)",
	  "pages stay until the guest's memory is unmapped from the IOMMU" },
	{ "release_udmabuf unpin_all_folios udmabuf_*",
	  "a udmabuf made of a memfd",
	  "pages stay until the dma-buf is closed" },
	{ "kvm_release_* kvm_set_pfn_* kvm_vcpu_unmap sev_unpin_memory gfn_to_pfn_cache_*",
	  "KVM",
	  "short for a page fault; for the guest's life for SEV" },
	{ "aio_free_ring aio_migrate_folio free_ioctx",
	  "the ring of an AIO context (io_setup)",
	  "the ring can be migrated; a failure is worth a report" },
	{ "process_vm_rw* __access_remote_vm access_remote_vm mem_rw ptrace_*",
	  "another task's memory being read or written (process_vm_readv, ptrace, /proc/PID/mem)",
	  "short, unless it repeats" },
	{ "fuse_*", "a request to a FUSE server",
	  "gone when the server answers: look at the server" },
	{ "xdp_umem_* xsk_*", "an AF_XDP umem", "pages stay until the socket is closed" },
	{ "lru_add_drain* folio_batch_move_lru __lru_add_drain_all pagevec_lru_move_fn lru_cache_disable",
	  "a per-CPU batch of folios on their way to an LRU list",
	  "another CPU's batch is drained only by lru_add_drain_all: the caller that failed may not do that" },
	{ "mlock_drain* mlock_folio_batch", "a per-CPU mlock batch",
	  "drained with the LRU batches" },
	{ "invalidate_bh_lru* bh_lru_install __brelse", "a per-CPU list of recent buffer heads",
	  "dropped by invalidate_bh_lrus" },
	{ "pin_longterm_test_* gup_test_*", "the gup_test driver", "a test is running" },
	{ "jbd2_* journal_* __jbd2_*", "the journal of a file system",
	  "gone after the next checkpoint" },
};

static const struct hint *find_function(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hints); i++)
		if (glob_match_any(hints[i].functions, name))
			return &hints[i];
	return NULL;
}

const struct hint *hints_find(const struct trace *trace, uint32_t stack, uint32_t first)
{
	const struct hint *hint = NULL;
	const uint64_t *frames;
	size_t nr, i;

	frames = stacks_get(trace->stacks, stack, &nr);
	for (i = first; i < nr && !hint; i++)
		hint = find_function(symbols_find(trace->symbols, frames[i])->name);
	return hint;
}
