// SPDX-License-Identifier: GPL-2.0
/*
 * Victims and what they wanted; see wants.h.
 */
#include "judge/wants.h"

#include <stddef.h>

#include "trace/event.h"
#include "trace/stack.h"
#include "trace/symbols.h"
#include "util.h"

static const char *const verbs[] = {
	[REASON_ALLOC_CONTIG] = "take",
	[REASON_COMPACTION] = "compact",
	[REASON_LONGTERM_PIN] = "longterm-pin",
	[REASON_MEMORY_HOTPLUG] = "offline",
	[REASON_MEMORY_FAILURE] = "take out of use",
	[REASON_SYSCALL] = "move",
	[REASON_MEMPOLICY_MBIND] = "move for mbind",
	[REASON_NUMA_MISPLACED] = "move to the node that uses it",
	[REASON_DEMOTION] = "demote",
	[REASON_DAMON] = "move for DAMON",
	[REASON_DEVICE] = "move to a device",
};

/*
 * Entry points that another file or user space calls, so that no compiler
 * inlines them.  The outermost frame that has a line here says most.
 */
static const struct {
	const char *functions;
	const char *whom;
} table[] = {
	{ "cma_alloc_write", "CMA's debugfs" },
	{ "cma_alloc cma_alloc_* __cma_alloc*", "a CMA allocation" },
	{ "dma_alloc_contiguous dma_alloc_from_contiguous dma_alloc_attrs dma_alloc_pages "
	  "dma_direct_alloc*", "DMA memory from CMA" },
	{ "dma_heap_ioctl dma_heap_buffer_alloc", "a DMA heap" },
	{ "alloc_gigantic_* alloc_contig_hugetlb_* alloc_fresh_hugetlb_folio "
	  "hugetlb_cma_alloc_* alloc_pool_huge_*", "a gigantic huge page" },
	{ "virtio_mem_*", "virtio-mem" },
	{ "kcompactd", "kcompactd, in the background" },
	{ "sysctl_compaction_handler compact_store", "an order to compact all memory" },
	{ "proactive_compact_node", "proactive compaction" },
	{ "try_to_compact_pages", "an allocation of a higher order" },
	{ "alloc_hugetlb_folio hugetlb_sysctl_handler* nr_hugepages_store*", "huge pages" },
	{ "do_huge_pmd_anonymous_page vma_alloc_anon_folio_pmd", "a transparent huge page" },
	{ "khugepaged collapse_huge_page", "khugepaged" },
	{ "device_offline memory_subsys_offline state_store online_store offline_pages",
	  "taking a memory block offline" },
	{ "soft_offline_page soft_offline_in_use_page", "soft offline" },
	{ "madvise_inject_error", "madvise(MADV_SOFT_OFFLINE)" },
	{ "*_sys_move_pages kernel_move_pages do_pages_move", "move_pages(2)" },
	{ "*_sys_migrate_pages kernel_migrate_pages do_migrate_pages", "migrate_pages(2)" },
	{ "*_sys_mbind do_mbind kernel_mbind", "mbind(2)" },
	{ "cpuset_migrate_mm_workfn", "a change of cpuset" },
	{ "do_numa_page do_huge_pmd_numa_page", "NUMA balancing" },
	{ "demote_folio_list", "demotion" },
	{ "ib_umem_get ib_umem_dmabuf_get*", "an RDMA memory region" },
	{ "io_sqe_buffer* io_register_*", "buffers registered with io_uring" },
	{ "vfio_pin_* vfio_iommu_type1_*", "memory mapped for a device (VFIO)" },
	{ "iopt_* iommufd_*", "memory mapped for a device (iommufd)" },
	{ "udmabuf_create memfd_pin_folios", "a udmabuf" },
	{ "xdp_umem_*", "an AF_XDP umem" },
	{ "sev_pin_memory", "memory of an encrypted guest" },
	{ "gup_test_ioctl pin_longterm_test_*", "the gup_test driver" },
	{ "kvm_gmem_*", "a guest's private memory" },
};

static const char *whom(const char *function)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (glob_match_any(table[i].functions, function))
			return table[i].whom;
	return NULL;
}

void wants_find(const struct trace *trace, unsigned int reason, uint32_t stack, uint32_t first,
		struct want *want)
{
	size_t nr, i;

	*want = (struct want){
		.verb = reason < ARRAY_SIZE(verbs) && verbs[reason] ? verbs[reason] : "move",
	};
	stacks_get(trace->stacks, stack, &nr);
	for (i = first; i < nr; i++) {
		const struct symbol *sym =
			symbols_find(trace->symbols, stacks_get(trace->stacks, stack, &nr)[i]);
		const char *found = whom(sym->name);

		if (found) {
			want->whom = found;
			want->function = sym->name;
		}
		if (!want->module)
			want->module = sym->module;
	}
}
