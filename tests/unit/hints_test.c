// SPDX-License-Identifier: GPL-2.0
/*
 * From where a reference was dropped to what had taken it.
 */
#include <string.h>

#include "scene.h"

#include "hints.h"

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
		LRU_PUT,
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
