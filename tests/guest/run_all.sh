#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs guest tests, all or those named, one guest for each kind of machine:
# tests whose heads have the same "# boot:" (kernel arguments), "# machine:"
# (single or multi), "# cpus:", "# memory:" (MiB) and "# programs:" (of this
# machine, that they want beside what all have) share one.  Prints KTAP.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] -k KERNEL -i INITRAMFS -o DIRECTORY [-a ARCH]" \
		"[-s FACTOR] [TEST...]"
}

kernel=
initramfs=
out=
arch=x86_64
slow=1
while getopts hk:i:o:a:s: option; do
	case $option in
	h) usage; exit 0 ;;
	k) kernel=$OPTARG ;;
	i) initramfs=$OPTARG ;;
	o) out=$OPTARG ;;
	a) arch=$OPTARG ;;
	s) slow=$OPTARG ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
if [ -z "$kernel" ] || [ -z "$initramfs" ] || [ -z "$out" ]; then
	usage >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)

file_of()
{
	for dir in test.d scenarios; do
		if [ -f "$here/$dir/$1.tc" ]; then
			echo "$here/$dir/$1.tc"
			return
		fi
	done
	echo "run_all.sh: $1: no such test" >&2
	return 1
}

# The demo is a test as well, but has a run of its own.
if [ $# -eq 0 ]; then
	for test in "$here"/test.d/*.tc; do
		name=$(basename "$test" .tc)
		[ "$name" = demo ] || set -- "$@" "$name"
	done
fi

word()
{
	# $1: file, $2: word of its head
	sed -n "/^#/!q; s/^# $2: *//p" "$1" | head -n 1
}

mkdir -p "$out"
rm -f "$out"/group.*
for name in "$@"; do
	file=$(file_of "$name")
	boot=$(word "$file" boot)
	thread=$(word "$file" machine)
	cpus=$(word "$file" cpus)
	memory=$(word "$file" memory)
	programs=$(word "$file" programs)
	kind="-T ${thread:-single} -c ${cpus:-2} -m ${memory:-1024}"
	group=$(echo "$kind $boot $programs" | cksum | cut -d ' ' -f 1)
	echo "$boot" > "$out/group.$group.boot"
	echo "$programs" > "$out/group.$group.programs"
	echo "$kind" > "$out/group.$group.kind"
	echo "$name" >> "$out/group.$group.tests"
done

# initrd_with FILE PROGRAM...: the initramfs with these programs as an archive
# behind it, not packed: the guest is slow.
initrd_with()
{
	_file=$1
	shift
	_root=$(mktemp -d)
	"$here/programs.sh" "$_root" "$@" || { rm -rf "$_root"; return 1; }
	cp "$initramfs" "$_file"
	truncate -s %4 "$_file"
	(cd "$_root" && find . -type f -o -type d | sort |
		cpio --quiet -o -H newc -R 0:0) >> "$_file"
	rm -rf "$_root"
}

rc=0
for tests in "$out"/group.*.tests; do
	group=${tests%.tests}
	programs=$(cat "$group.programs")
	initrd=$initramfs
	if [ -n "$programs" ]; then
		initrd=$group.initrd
		# shellcheck disable=SC2086
		initrd_with "$initrd" $programs || { rc=1; continue; }
	fi
	boot=$(cat "$group.boot")
	kind=$(cat "$group.kind")
	dir=$out/$(echo "$kind $boot $programs" | tr -cs 'A-Za-z0-9_=\n' - |
		sed 's/^-//; s/-$//')
	[ "$kind $boot$programs" != "-T single -c 2 -m 1024 " ] || dir=$out/default
	echo "# guest: $kind${boot:+, $boot}${programs:+, with $programs}"
	wc -l < "$tests" | sed 's/^/1../'
	# shellcheck disable=SC2046,SC2086
	"$here/run.sh" -a "$arch" -k "$kernel" -i "$initrd" -o "$dir" \
		-s "$slow" $kind -x "$boot" $(cat "$tests") || rc=1
	[ "$initrd" = "$initramfs" ] || rm -f "$initrd"
done
exit "$rc"
