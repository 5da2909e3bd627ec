// SPDX-License-Identifier: GPL-2.0
/*
 * From where a reference was dropped to what had taken it.
 */
#include <string.h>

#include "scene.h"

#include "judge/hints.h"

static const char *taken_by(struct scene *s, const char *names)
{
	uint32_t stack = scene_stack(s, names);
	const struct stack_class *sc = classify_stack(s->cl, stack, RULE_PUT);
	const struct hint *hint = hints_find(&s->trace, stack, sc->first);

	return hint ? hint->taken_by : "";
}

static void known_releases_have_a_hint(void **state)
{
	static const char *const stacks[] = {
		VMSPLICE_PUT, "unpin_user_pages __ib_umem_release ib_umem_release",
		"unpin_user_page io_buffer_unmap", "unpin_folio release_udmabuf udmabuf_release",
		"unpin_user_page vfio_unpin_pages_remote", "folio_put invalidate_bh_lru",
		"unpin_user_folio bio_release_pages", "folio_put skb_release_data",
		LRU_PUT, "folio_put ksm_get_folio ksm_do_scan", "folio_put get_futex_key futex_wait",
		"unpin_user_pages_dirty_lock i915_gem_userptr_put_pages@i915",
		"folio_put drm_gem_put_pages@drm", "unpin_user_page os_unlock_user_pages@nvidia",
		"__free_pages binder_alloc_free_page", "folio_put nfs_direct_release_pages nfs_direct_req_release",
		"folio_put netfs_put_subrequest", "unpin_user_pages vb2_destroy_framevec@videobuf2_memops",
		"unpin_user_page vhost_vdpa_iotlb_unmap@vhost_vdpa", "unpin_user_pages xdp_umem_unpin_pages",
		"folio_put jbd2_journal_put_journal_head",
	};
	struct scene s;
	size_t i;

	scene_open(&s, 1);
	for (i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++)
		if (!*taken_by(&s, stacks[i]))
			fail_msg("no hint for %s", stacks[i]);
	scene_close(&s);
}

static void unknown_release_has_none(void **state)
{
	struct scene s;

	scene_open(&s, 1);
	assert_string_equal(taken_by(&s, "folio_put gpu_free@gpu"), "");
	scene_close(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_releases_have_a_hint),
		cmocka_unit_test(unknown_release_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
