# SPDX-License-Identifier: GPL-2.0
# description: damaged recordings end soon, with 0, 1 or 3 and one line on stderr
#
# A crash of the libraries is an error as well.  Under ASan these are not told
# from our own: it has its part of this test without trace.dat.
set -eu

${CC:-cc} -O2 -Wall -o mutate "$data/readers_mutate.c"

# tried WHAT FILE ARGUMENT...: the rule above, for one input
tried()
{
	what=$1
	file=$2
	shift 2
	rc=0
	timeout 10 "$tool" report "$@" --format=json -o json "$file" > out 2> err || rc=$?
	case $rc in
	0 | 3) ;;
	1) [ "$(wc -l < err)" -eq 1 ] || { echo "$what: not one line"; cat err; exit 1; } ;;
	*) echo "$what: exit $rc"; tail -n 5 err; exit 1 ;;
	esac
	[ ! -s out ] || { echo "$what: output"; exit 1; }
}

for form in perf.data tracecmd.txt perf.txt trace.txt trace.dat; do
	xz -dc "$data/forms/$form.xz" > good
	seeds=300
	[ "$form" != trace.dat ] || [ -z "${SANITIZED-}" ] || continue
	seed=0
	while [ "$seed" -lt "$seeds" ]; do
		seed=$((seed + 1))
		./mutate "$seed" < good > input
		tried "$form, seed $seed" input --kallsyms="$data/forms/kallsyms"
	done
done

# A line of 400 kB that could be the head of an event at each of its words.
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "[1] "; print "" }' > long
tried 'long line' long
[ "$rc" -eq 1 ]

# No line at all, and no end.
rc=0
head -c 200000 /dev/zero | tr '\0' x | timeout 10 "$tool" report - > out 2> err || rc=$?
[ "$rc" -eq 1 ]
