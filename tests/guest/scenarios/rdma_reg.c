// SPDX-License-Identifier: GPL-2.0
/*
 * Registers memory with an RDMA device (soft-RoCE on a dummy network device),
 * as ib_umem_get() does it for every driver: a FOLL_LONGTERM pin, for which
 * what lies in CMA or ZONE_MOVABLE has to be moved out.  Speaks the plain
 * write interface of uverbs and netlink, so that no library is needed.
 *
 * Models the thread of 2024 on linux-mm: registration that fails with -ENOMEM
 * because somebody has a reference for a moment.
 */
#include <getopt.h>
#include <linux/netlink.h>
#include <rdma/ib_user_verbs.h>
#include <rdma/rdma_netlink.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "load.h"

static const char usage_text[] =
"usage: rdma_reg [-h] -l\n"
"       rdma_reg [-h] -f FILE [-o PAGE] -w TRUTH [-H]\n"
"-l: make an RDMA device of the network device dummy0.\n"
"Otherwise register page number PAGE (0) of FILE and give it back at once, or\n"
"with -H when SIGUSR1 comes.\n"
"Exit 0: registered, 1: refused, 2: cannot be tried.\n";

static void add_attr(struct nlmsghdr *msg, unsigned short type, const char *text)
{
	struct nlattr *attr = (void *)((char *)msg + NLMSG_ALIGN(msg->nlmsg_len));
	size_t size = strlen(text) + 1;

	attr->nla_type = type;
	attr->nla_len = (unsigned short)(NLA_HDRLEN + size);
	memcpy((char *)attr + NLA_HDRLEN, text, size);
	msg->nlmsg_len = NLMSG_ALIGN(msg->nlmsg_len) + (unsigned int)NLA_ALIGN(attr->nla_len);
}

static int add_link(void)
{
	_Alignas(struct nlmsghdr) char buffer[1024] = { 0 };
	struct nlmsghdr *msg = (void *)buffer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_RDMA);

	if (fd < 0)
		err(2, "netlink");
	msg->nlmsg_len = NLMSG_HDRLEN;
	msg->nlmsg_type = RDMA_NL_GET_TYPE(RDMA_NL_NLDEV, RDMA_NLDEV_CMD_NEWLINK);
	msg->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	add_attr(msg, RDMA_NLDEV_ATTR_DEV_NAME, "rxe0");
	add_attr(msg, RDMA_NLDEV_ATTR_LINK_TYPE, "rxe");
	add_attr(msg, RDMA_NLDEV_ATTR_NDEV_NAME, "dummy0");
	if (send(fd, msg, msg->nlmsg_len, 0) != (ssize_t)msg->nlmsg_len ||
	    recv(fd, buffer, sizeof(buffer), 0) < (ssize_t)NLMSG_LENGTH(sizeof(int)))
		err(2, "netlink");
	errno = msg->nlmsg_type == NLMSG_ERROR ?
		-((struct nlmsgerr *)NLMSG_DATA(msg))->error : EPROTO;
	if (errno)
		err(2, "rxe on dummy0");
	return 0;
}

/* One command of uverbs: a header and its body, as one write. */
static int verb(int fd, unsigned int command, const void *body, size_t size, size_t answer)
{
	_Alignas(8) char buffer[256];
	struct ib_uverbs_cmd_hdr hdr = {
		.command = command,
		.in_words = (__u16)((sizeof(hdr) + size) / 4),
		.out_words = (__u16)(answer / 4),
	};

	memcpy(buffer, &hdr, sizeof(hdr));
	memcpy(buffer + sizeof(hdr), body, size);
	return write(fd, buffer, sizeof(hdr) + size) < 0 ? -1 : 0;
}

static int open_device(__u32 *pd)
{
	struct ib_uverbs_get_context_resp context;
	struct ib_uverbs_get_context get = { .response = (uintptr_t)&context };
	struct ib_uverbs_alloc_pd_resp domain;
	struct ib_uverbs_alloc_pd alloc = { .response = (uintptr_t)&domain };
	int fd = open("/dev/infiniband/uverbs0", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(2, "uverbs0");
	if (verb(fd, IB_USER_VERBS_CMD_GET_CONTEXT, &get, sizeof(get), sizeof(context)))
		err(2, "GET_CONTEXT");
	if (verb(fd, IB_USER_VERBS_CMD_ALLOC_PD, &alloc, sizeof(alloc), sizeof(domain)))
		err(2, "ALLOC_PD");
	*pd = domain.pd_handle;
	return fd;
}

int main(int argc, char **argv)
{
	struct ib_uverbs_reg_mr_resp answer;
	struct ib_uverbs_reg_mr reg = { .response = (uintptr_t)&answer, .length = PAGE };
	struct ib_uverbs_dereg_mr dereg = { 0 };
	const char *file = NULL, *truth = NULL;
	unsigned long number = 0;
	bool hold = false;
	sigset_t set;
	uint64_t pfn;
	int c, fd, dev, sig;
	char *mem;

	while ((c = getopt(argc, argv, "hlf:o:w:H")) != -1) {
		switch (c) {
		case 'l': return add_link();
		case 'f': file = optarg; break;
		case 'o': number = parse_number(optarg); break;
		case 'w': truth = optarg; break;
		case 'H': hold = true; break;
		case 'h': fputs(usage_text, stdout); return 0;
		default: fputs(usage_text, stderr); return 2;
		}
	}
	if (!file || !truth) {
		fputs(usage_text, stderr);
		return 2;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = open(file, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", file);
	mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)(number * PAGE));
	if (mem == MAP_FAILED)
		err(2, "mmap");
	*(volatile char *)mem = 1;

	dev = open_device(&reg.pd_handle);
	reg.start = reg.hca_va = (uintptr_t)mem;
	reg.access_flags = 1;	/* local write */
	if (verb(dev, IB_USER_VERBS_CMD_REG_MR, &reg, sizeof(reg), sizeof(answer))) {
		pfn = pfn_of(mem);
		write_truth(truth, "refused", &pfn, 1);
		err(1, "REG_MR");
	}
	pfn = pfn_of(mem);
	write_truth(truth, "ib_umem", &pfn, 1);
	if (hold)
		sigwait(&set, &sig);
	dereg.mr_handle = answer.mr_handle;
	if (verb(dev, IB_USER_VERBS_CMD_DEREG_MR, &dereg, sizeof(dereg), 0))
		err(2, "DEREG_MR");
	return 0;
}
