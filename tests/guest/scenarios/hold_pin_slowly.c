// SPDX-License-Identifier: GPL-2.0
/*
 * Is in the middle of a long-term pin: of two pages in a row the first is a
 * file's (-f), pinned at once, and the second has to be read from a slow disk
 * first.  As long as that takes the pin on the first one is on its way:
 * neither refused nor granted.
 *
 * Models two tasks that pin the same page for long at the same time, each of
 * which keeps the other from moving it out of CMA: the race that the changes
 * to FOLL_LONGTERM of 2020 and 2024 talk about.
 */
#include "holder.h"
#include "longterm.h"

/* The page of the slow disk, private: a write to it needs it read. */
static void put_slow_page_behind(const char *page)
{
	int fd = open("/dev/slow", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || mmap((char *)page + PAGE, PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED)
		err(1, "/dev/slow");
}

int main(int argc, char **argv)
{
	struct longterm_args args = { .size = 2 * PAGE, .flags = LONGTERM_WRITE };
	struct holder h;
	char *mem;
	int gup;

	holder_init(&h, "longterm_on_its_way", argc, argv);
	if (h.pages != 1)
		errx(2, "one page only");
	mem = mmap(NULL, 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED ||
	    mremap(h.mem, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, mem) == MAP_FAILED)
		err(1, "two pages in a row");
	h.mem = mem;
	put_slow_page_behind(mem);
	gup = longterm_open();
	args.addr = (uintptr_t)mem;
	holder_tell(&h, "");
	if (ioctl(gup, LONGTERM_START, &args) || ioctl(gup, LONGTERM_STOP))
		err(1, "FOLL_LONGTERM pin");
	holder_wait(&holder_stop);
	return 0;
}
