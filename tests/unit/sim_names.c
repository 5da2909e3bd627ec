// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks as one build of the kernel has them; see sim.h.  A stack is written
 * innermost first, with a sign before each function:
 *
 *	?name	a wrapper that is mostly inlined
 *	-name	a static function: the compiler decides
 *	=name	of a holder, not of memory management
 *	!name	the root of the stack: every build has it by this name
 *	name	called from another file: no compiler but an LTO inlines it
 *
 * Which of them a build has is the same in every stack of it.
 */
#include "sim.h"

#include <stdio.h>
#include <string.h>

static uint64_t hash(uint64_t seed, const char *text, size_t len)
{
	uint64_t h = seed ^ 0xcbf29ce484222325ull;
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 0x100000001b3ull;
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdull;
	return h ^ (h >> 33);
}

static bool has_frame(const struct sim_build *b, char sign, const char *name, size_t len)
{
	uint64_t h = hash(b->seed, name, len);

	switch (sign) {
	case '?':
		return b->wrappers && h & 1;
	case '-':
		return h & 2;
	case '=':
	case '!':
		return true;
	default:
		return !b->lto || h & 4;
	}
}

static void add_frame(const struct sim_build *b, char sign, const char *name, size_t len,
		      char *out, size_t size)
{
	size_t at = strlen(out);
	bool unknown = sign == '=' ? b->unknown_holders :
		       sign != '?' && sign != '!' && b->unknown_paths;

	if (!has_frame(b, sign, name, len))
		return;
	if (unknown && !memchr(name, '@', len))
		snprintf(out + at, size - at, "%sfn_%06x", at ? " " : "",
			 (unsigned int)hash(b->seed, name, len) & 0xffffff);
	else
		snprintf(out + at, size - at, "%s%.*s", at ? " " : "", (int)len, name);
}

uint32_t sim_stack(struct sim *s, const char *spec)
{
	char out[500] = "";

	while (*spec) {
		size_t len = strcspn(spec, " ");
		bool sign = strchr("?-=!", *spec);

		if (len > sign)
			add_frame(&s->build, sign ? *spec : ' ', spec + sign, len - sign, out,
				  sizeof(out));
		spec += len + strspn(spec + len, " ");
	}
	return scene_stack(&s->scene, out);
}
