// SPDX-License-Identifier: GPL-2.0
/*
 * References that stay: exclusive access of a device, poison, rings of the
 * kernel; and the contexts.
 */
#include <linux/aio_abi.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <arpa/inet.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "paths.h"

/* The interface of lib/test_hmm. */
struct device_command {
	uint64_t addr, copy, pages, moved, faults;
};
#define DEVICE_EXCLUSIVE	_IOWR('H', 0x05, struct device_command)
#define DEVICE_RELEASE		_IOWR('H', 0x07, struct device_command)

/*
 * The mapping goes and its reference stays: a new holder.  Back: a look-up, the
 * mapping without a get of its own, and the look-up's put.
 */
static void path_exclusive(bool back)
{
	struct path path = {
		.name = back ? "back from device-exclusive" : "device-exclusive",
		.want = back ? "^\\+1:\\+1 -1:-1 $" : "^\\+1:\\+1 -1:\\+1 $",
		.fd = -1, .left = back ? -1 : 1, .held = back,
	};
	struct device_command command = { .pages = 1 };
	char *copy = anon_page();
	int fd = open("/dev/hmm_dmirror0", O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		path_missing(path.name, "no lib/test_hmm");
		return;
	}
	path.addr = anon_page();
	command.addr = (uintptr_t)path.addr;
	command.copy = (uintptr_t)copy;
	if (back) {
		path_drain();
		path.pfn = path_frame(path.addr);
		if (ioctl(fd, DEVICE_EXCLUSIVE, &command))
			path_fail(&path, "exclusive");
	}
	if (path_begin(&path)) {
		if (back)
			*(volatile char *)path.addr = 1;
		else if (ioctl(fd, DEVICE_EXCLUSIVE, &command))
			path_fail(&path, "exclusive");
		path_end(&path);
	}
	*(volatile char *)path.addr = 1;
	close(fd);
}

static void on_poison(int sig)
{
	(void)sig;
}

/* Poisoned: unmapped, and one reference for ever. */
static void path_poison(void)
{
	struct path path = {
		.name = "hwpoison", .fd = -1, .left = 1,
		.want = "^\\+1:\\+1 .*$",
	};
	char text[32];

	path.addr = anon_page();
	if (!path_begin(&path))
		return;
	/* who asks for it is also told that it happened */
	signal(SIGBUS, on_poison);
	if (madvise(path.addr, PAGE, MADV_HWPOISON))
		path_fail(&path, "MADV_HWPOISON");
	signal(SIGBUS, SIG_DFL);
	path_end(&path);
	munmap(path.addr, PAGE);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)path.pfn);
	write_text("/sys/kernel/debug/hwpoison/unpoison-pfn", text);
}

/*
 * The ring of an aio context: in a file's cache, mapped, and one more.  A page
 * that was accessed is queued for activation when it is unmapped.
 */
static void path_aio(void)
{
	struct path path = {
		.name = "aio ring", .fd = -1, .cached = true, .held = 1,
		.want = "^(\\+1:\\+1 -1:\\+1 )?-1:\\+0 $",
	};
	aio_context_t ring = 0;

	if (syscall(SYS_io_setup, 8, &ring)) {
		path_missing(path.name, "no aio");
		return;
	}
	path.addr = (char *)ring;
	*(volatile char *)path.addr;
	if (path_begin(&path)) {
		munmap(path.addr, PAGE);
		path_end(&path);
	}
	syscall(SYS_io_destroy, ring);
}

/* Pages that a driver puts into a mapping, by vm_insert_page(). */
static void path_driver(void)
{
	struct path path = {
		.name = "vm_insert_page of a driver", .fd = -1, .held = 1,
		.want = "^\\+1:\\+1 -1:\\+0 $",
	};
	struct tpacket_req req = {
		.tp_block_size = PAGE, .tp_block_nr = 2,
		.tp_frame_size = PAGE / 2, .tp_frame_nr = 4,
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
	char *mem;

	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req))) {
		path_missing(path.name, "no AF_PACKET");
		return;
	}
	path.addr = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (path.addr == MAP_FAILED) {
		path_missing(path.name, "no mapping of AF_PACKET");
		return;
	}
	if (path_begin(&path)) {
		mem = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (mem == MAP_FAILED)
			path_fail(&path, "mmap");
		munmap(mem, 2 * PAGE);
		path_end(&path);
	}
	munmap(path.addr, 2 * PAGE);
	close(fd);
}

static void path_contexts(void)
{
	struct path path = {
		.name = "contexts", .fd = -1,
		.want = "^(\\+1:\\+1 -1:\\+0 ){5}$",
		.ctx = "^task task task task softirq softirq hardirq hardirq nmi nmi $",
	};
	static const char * const in[] = { "task", "work", "timer", "irq", "nmi" };

	path.addr = anon_page();
	if (!path_begin(&path))
		return;
	/* of the other processor: an interrupt of one's own would be a call */
	for (int i = 0; i < 5; i++)
		if (!holder("take in folio_get pfn:%llu in=%s cpu=1",
			    (unsigned long long)path.pfn, in[i]) ||
		    !holder("drop in put_refs in=%s cpu=1", in[i]))
			path_fail(&path, in[i]);
	path_end(&path);
}

void paths_odd(void)
{
	path_exclusive(false);
	path_exclusive(true);
	path_poison();
	path_aio();
	path_driver();
	path_contexts();
}
