// SPDX-License-Identifier: GPL-2.0
/*
 * Holds its first page as input of a cipher that is never asked for output:
 * spliced through a pipe into a socket of the kernel's crypto (AF_ALG).  The
 * page changes hands twice before anything can fail over it.
 */
#include <linux/if_alg.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "holder.h"

int main(int argc, char **argv)
{
	struct sockaddr_alg cipher = {
		.salg_family = AF_ALG, .salg_type = "skcipher", .salg_name = "ecb(cipher_null)",
	};
	struct iovec iov;
	struct holder h;
	int listener, s, ends[2];

	holder_init(&h, "af_alg", argc, argv);
	listener = socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&cipher, sizeof(cipher)))
		err(1, "AF_ALG");
	if (setsockopt(listener, SOL_ALG, ALG_SET_KEY, "", 0))
		err(1, "ALG_SET_KEY");
	s = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (s < 0 || pipe2(ends, O_CLOEXEC))
		err(1, "accept");
	iov = (struct iovec){ h.mem, PAGE };
	if (vmsplice(ends[1], &iov, 1, 0) != (ssize_t)PAGE ||
	    splice(ends[0], NULL, s, NULL, PAGE, SPLICE_F_MORE) != (ssize_t)PAGE)
		err(1, "splice");
	holder_hold(&h);
	close(s);
	return 0;
}
