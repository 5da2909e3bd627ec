// SPDX-License-Identifier: GPL-2.0
/*
 * Releases and what took them; see hints.h.
 */
#include "judge/hints.h"

#include <stddef.h>

#include "trace/stack.h"
#include "trace/symbols.h"
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
	/* drivers/infiniband/hw, sw: drivers that pin without ib_umem */
	{ "hfi1_release_user_pages qib_release_user_pages usnic_uiom_put_pages siw_umem_release",
	  "memory registered with an RDMA device",
	  "pages stay until the application gives the registration back" },
	/* drivers/gpu/drm */
	{ "drm_gem_put_pages drm_gem_shmem_put_pages* shmem_sg_free_table ttm_pool_free",
	  "a buffer object of a GPU driver (GEM, TTM), its pages in use by the device",
	  "pages stay until the object is idle and evicted or its last handle is closed" },
	{ "i915_gem_userptr_put_pages etnaviv_gem_userptr_release radeon_ttm_tt_unpin_userptr "
	  "amdgpu_ttm_tt_unpopulate",
	  "memory of a process given to a GPU (userptr)",
	  "pages stay while the device may use them; an MMU notifier takes them back" },
	/* not in the tree: named in the reports of 2021 and 2022 */
	{ "os_unlock_user_pages nv_* nvidia_* uvm_* nvidia_p2p_*",
	  "the NVIDIA driver (os_lock_user_pages), from outside the kernel tree",
	  "pages stay until the process frees the registration with the driver" },
	/* drivers/media/common/videobuf2 */
	{ "vb2_destroy_framevec put_vaddr_frames", "a video buffer (V4L2, USERPTR)",
	  "pages stay until the buffer is dequeued and freed" },
	/* drivers/accel/habanalabs, drivers/tee, drivers/vhost, drivers/scsi */
	{ "hl_unpin_host_memory", "host memory mapped for an accelerator (habanalabs)",
	  "pages stay until they are unmapped from the device" },
	{ "tee_shm_release tee_shm_put", "memory shared with a trusted environment (TEE)",
	  "pages stay until the session frees the shared memory" },
	{ "vhost_vdpa_* vhost_*", "a guest's memory in use by vhost",
	  "for vDPA as long as the guest's memory is mapped for the device" },
	{ "sgl_unmap_user_pages st_release", "a tape drive's I/O", "gone when the command completes" },
	/* drivers/android/binder_alloc.c */
	{ "binder_alloc_free_page binder_install_single_page binder_free_buf* binder_alloc_*",
	  "the buffer of an Android process for binder transactions",
	  "the shrinker frees pages of it that are idle; look at the process that is not reading" },
	/* fs/nfs/direct.c, fs/netfs, fs/ceph, net/9p */
	{ "nfs_direct_* nfs_release_request nfs_free_request netfs_* ceph_put_page_vector "
	  "p9_release_pages",
	  "I/O of a network file system in flight",
	  "gone when the server answers: look at the server and the network" },
	/* fs/super.c */
	{ "ext4_put_super kill_block_super", "buffers of a mounted file system",
	  "its superblock and descriptors stay until it is unmounted" },
	/* mm/ksm.c, kernel/futex */
	{ "ksm_* remove_rmap_item_from_tree stable_tree_* break_cow try_to_merge_*",
	  "ksmd, comparing or merging pages",
	  "short, but it comes back: echo 0 > /sys/kernel/mm/ksm/run to rule it out" },
	{ "get_futex_key futex_*", "a futex on shared memory",
	  "for the moment in which its key is made" },
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
