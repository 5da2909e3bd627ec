// SPDX-License-Identifier: GPL-2.0
/*
 * readers_mutate SEED < FILE > DAMAGED
 *
 * Damages a recording the same way on every machine: bits and bytes changed,
 * numbers set to the extremes that bounds are missed at, runs copied, zeroed
 * or taken out, or the end cut off.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM (1 << 24)

struct text {
	unsigned char *p;
	size_t size;
	uint64_t state;
};

/* splitmix64 */
static uint64_t draw(struct text *t, uint64_t below)
{
	uint64_t x = t->state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return (x ^ x >> 31) % below;
}

/* Headers are short but decide the most: half of the damage goes there. */
static size_t place(struct text *t)
{
	size_t head = t->size < 4096 ? t->size : 4096;

	return draw(t, 2) ? draw(t, t->size) : draw(t, head);
}

static void extreme(struct text *t)
{
	static const uint64_t values[] = {
		0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
		INT64_MAX, 1ULL << 63, UINT64_MAX,
	};
	uint64_t value = values[draw(t, sizeof(values) / sizeof(values[0]))];
	size_t at = place(t) & ~(size_t)3, size = (size_t)1 << draw(t, 4);

	if (at + size <= t->size)
		memcpy(t->p + at, &value, size);
}

static void damage(struct text *t)
{
	size_t at = place(t), from = place(t), run = 1 + draw(t, 64);

	if (at + run > t->size || from + run > t->size)
		run = 1;
	switch (draw(t, 8)) {
	case 0:
	case 1:
		t->p[at] ^= 1u << draw(t, 8);
		break;
	case 2:
		t->p[at] = draw(t, 256);
		break;
	case 3:
	case 4:
		extreme(t);
		break;
	case 5:
		memmove(t->p + at, t->p + from, run);
		break;
	case 6:
		memset(t->p + at, 0, run);
		break;
	case 7:
		memmove(t->p + at, t->p + at + run, t->size - at - run);
		t->size -= run;
		break;
	}
}

int main(int argc, char **argv)
{
	struct text t = { .state = argc > 1 ? strtoull(argv[1], NULL, 10) : 0 };
	int nr;

	t.p = malloc(ROOM);
	if (!t.p)
		return 1;
	t.size = fread(t.p, 1, ROOM, stdin);
	if (t.size > 1 && !draw(&t, 6))
		t.size = 1 + draw(&t, t.size - 1);
	for (nr = 1 + draw(&t, 6); nr && t.size > 1; nr--)
		damage(&t);
	nr = fwrite(t.p, 1, t.size, stdout) != t.size;
	free(t.p);
	return nr;
}
