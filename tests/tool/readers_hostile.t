# SPDX-License-Identifier: GPL-2.0
# description: damaged recordings end soon, with 0, 1 or 3 and one line on stderr
#
# A crash of the libraries is an error as well.  ASan ends the program at these,
# too, and tells whose they are; trace.dat is left out there.
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
	# the sanitizer caught a library before the guard could
	99) [ -n "${SANITIZED-}" ] && grep '^ *#0 ' err | grep -q '/lib[a-z]*\.so' ||
		{ echo "$what: exit $rc"; head -n 20 err; exit 1; } ;;
	1) [ "$(wc -l < err)" -eq 1 ] && ! grep -q 'fault of page_pinner' err ||
		{ echo "$what: not one line, or a crash of our own"; cat err; exit 1; } ;;
	*) echo "$what: exit $rc"; tail -n 5 err; exit 1 ;;
	esac
	[ ! -s out ] || { echo "$what: output"; exit 1; }
}

# many FORM SEEDS ARGUMENT...: the rule for so many damaged copies of the file good
many()
{
	form=$1
	seeds=$2
	shift 2
	seed=0
	while [ "$seed" -lt "$seeds" ]; do
		seed=$((seed + 1))
		./mutate "$seed" < good > input
		tried "$form, seed $seed" "$@"
	done
}

for form in perf.data tracecmd.txt perf.txt trace.txt trace.dat; do
	xz -dc "$data/forms/$form.xz" > good
	[ "$form" != trace.dat ] || [ -z "${SANITIZED-}" ] || continue
	many "$form" 300 input --kallsyms="$data/forms/kallsyms"
done

# texts that are made into others before they are read
if command -v perl > /dev/null; then
	xz -dc "$data/forms/trace.txt.xz" > trace.txt
	for how in cma isolated console freeze frozen-stack log none; do
		perl "$data/page_ref.pl" "$how" < trace.txt > good
		many "page_ref, $how" 60 input --pfn=0x3994a
	done
	fold -s -w 76 good > folded
	mv folded good
	many 'page_ref, wrapped' 60 input
fi
for form in tracecmd.txt perf.txt trace.txt; do
	xz -dc "$data/forms/$form.xz" | fold -s -w 76 > good
	many "$form, wrapped" 60 input
done

# perf's other forms, and what they are packed in
if command -v perl > /dev/null && command -v zstd > /dev/null; then
	xz -dc "$data/forms/perf.data.xz" > perf.data
	for form in pipe zstd2 zstream zpipe big aux lost_others throttle; do
		perl "$data/perf_forms.pl" "$form" perf.data good
		many "$form" 60 input --kallsyms="$data/forms/kallsyms"
	done
	for part in data data.0; do
		rm -rf dir
		perl "$data/perf_forms.pl" directory perf.data dir
		mv "dir/$part" good
		seed=0
		while [ "$seed" -lt 60 ]; do
			seed=$((seed + 1))
			./mutate "$seed" < good > "dir/$part"
			tried "directory, $part, seed $seed" dir
		done
	done
	for pack in gzip xz 'zstd -q' bzip2; do
		xz -dc "$data/forms/perf.txt.xz" | $pack -c > good
		many "$pack" 60 input
		$pack -c < perf.data > good
		many "$pack of perf.data" 40 input
	done
else
	echo '# no perl or zstd: not all forms are damaged'
fi
if [ -z "${SANITIZED-}" ] && command -v trace-cmd > /dev/null; then
	xz -dc "$data/forms/trace.dat.xz" > input
	trace-cmd convert -i input -o good --file-version 6 > log 2>&1
	many 'trace.dat of version 6' 100 input
fi

# debug information
if [ -z "${SANITIZED-}" ] && command -v perl > /dev/null && command -v gcc > /dev/null; then
	perl "$data/vmlinux.pl" "$data/forms/kallsyms" 0 kernel
	gcc -g -O2 -mcmodel=kernel -fno-pic -fno-pie -fcf-protection=none -c kernel.c
	# a relocatable file has its headers at the end: damage that too
	for file in kernel.o vmlinux; do
		[ "$file" != vmlinux ] || ld -static -no-pie -T kernel.ld -o vmlinux kernel.o
		cp "$file" good
		many "$file" 60 perf.data --kallsyms="$data/forms/kallsyms" --vmlinux=input
	done
fi

# A line of 400 kB that could be the head of an event at each of its words.
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "[1] "; print "" }' > long
tried 'long line' long
[ "$rc" -eq 1 ]

# No line at all, and no end.
rc=0
head -c 200000 /dev/zero | tr '\0' x | timeout 10 "$tool" report - > out 2> err || rc=$?
[ "$rc" -eq 1 ]
