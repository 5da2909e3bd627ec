#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Boots a guest in which a pipe, direct I/O, io_uring and a module hold pages,
# each for a million operations, and lets the reader of tools/page_pinner/drgn
# look at its memory: in the guest while it runs, and from outside at a core that
# QEMU writes.  It has to name task and function as the guest's own debugfs and
# kernel log did.  Prints TAP.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] -k KERNEL -v VMLINUX -i INITRAMFS -o DIRECTORY"
}

kernel=
vmlinux=
initramfs=
out=
while getopts hk:v:i:o: option; do
	case $option in
	h) usage; exit 0 ;;
	k) kernel=$OPTARG ;;
	v) vmlinux=$OPTARG ;;
	i) initramfs=$OPTARG ;;
	o) out=$OPTARG ;;
	*) usage >&2; exit 2 ;;
	esac
done
if [ -z "$kernel" ] || [ -z "$vmlinux" ] || [ -z "$initramfs" ] || [ -z "$out" ]; then
	usage >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
tool=$here/../../tools/page_pinner

number=0
status=0
result()
{
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		status=1
	fi
}

echo "TAP version 13"
command -v drgn > /dev/null || { echo "1..0 # SKIP no drgn: apt-get install python3-drgn"; exit 0; }
echo "1..11"

"$here/live.sh" "$vmlinux" "$out.live.gz"
cat "$initramfs" "$out.live.gz" > "$out.initramfs.gz"
rc=0
rm -f "$out.core"
"$here/run.sh" -k "$kernel" -i "$out.initramfs.gz" -o "$out" -d "$out.core" \
	core_names_holders > "$out.log" 2>&1 || rc=$?
sed 's/^/# /' "$out.log"
result "$rc" "the guest names them itself"
[ -s "$out.core" ] || { echo "Bail out! no core: see $out/monitor.log"; exit 1; }
results=$out/results/core_names_holders
rc=0
sed 's/^/# /' "$results/own_dump" || rc=1
result "$rc" "the allocation that failed dumped what it could not move, with its holder"

reader()
{
	timeout 300 drgn -c "$out.core" -s "$vmlinux" "$tool/drgn/page_pinner.py" "$@"
}

# names_each TABLE: task and function of all whom the truth knows.
names_each()
(
	rc=0
	while read -r what pfn comm pid function; do
		grep -E "^$pfn .* held task $pid $comm .*$function" "$1" > "$out/row" ||
			{ echo "# $what is not there: $pfn $pid $comm $function"; rc=1; }
		sed 's/^/# /' "$out/row"
	done < "$results/truth"
	exit "$rc"
)

# columns TABLE: those that all have, but for the age and places within
# functions; of several names of the system call's entry each has its own.
columns()
{
	cut -d ' ' -f 1-7,9-14,16- "$1" |
		sed 's,+0x[0-9a-f]*/0x[0-9a-f]*,,g; s/<-entry_SYSCALL.*//'
}

# has_rows_of_debugfs TABLE: of those whom the truth knows.
has_rows_of_debugfs()
(
	while read -r _ pfn _; do
		grep "^$pfn " "$results/held" > "$out/ours"
		grep "^$pfn " "$1" > "$out/theirs" || :
		columns "$out/ours" > "$out/ours.same"
		columns "$out/theirs" > "$out/theirs.same"
		diff "$out/ours.same" "$out/theirs.same" > "$out/rows.diff" ||
			{ sed 's/^/# /' "$out/rows.diff"; exit 1; }
	done < "$results/truth"
)

reader > "$out/table" 2> "$out/drgn.log" || sed 's/^/# /' "$out/drgn.log"
for table in "$out/table" "$results/live"; do
	[ "$table" = "$out/table" ] && of="the core" || of="the running kernel"
	rc=0
	names_each "$table" || rc=1
	result "$rc" "drgn names task and function of each in $of"
	rc=0
	has_rows_of_debugfs "$table" || rc=1
	result "$rc" "its rows of $of are those of debugfs"
done

for table in "$out/table" "$results/live" "$results/held" "$results/dmesg"; do
	rc=0
	"$tool/page_pinner" holders "$table" > "$out/report.txt" || rc=1
	while read -r _ _ comm pid _; do
		grep -q "of $comm/$pid, taken by" "$out/report.txt" ||
			{ echo "# $comm/$pid is not in the report"; rc=1; }
	done < "$results/truth"
	result "$rc" "page_pinner holders reads $(basename "$table")"
done

rc=0
reader --marks > "$out/marks" 2> "$out/drgn.log" || rc=1
head -n 1 "$out/marks" | grep -q '^pfn order refcount' || rc=1
[ "$(($(wc -l < "$out/marks") - 1))" -eq "$(cat "$results/marked")" ] ||
	{ echo "# the guest had $(cat "$results/marked")"; rc=1; }
# what was in the way of the allocation; the ring lies outside of its area
while read -r what pfn _; do
	[ "$what" != ring ] || continue
	grep "^$pfn .* alloc_contig " "$out/marks" > "$out/row" ||
		{ echo "# $what is not marked: $pfn"; rc=1; }
	sed 's/^/# /' "$out/row"
done < "$results/truth"
result "$rc" "drgn lists the marks: $(($(wc -l < "$out/marks") - 1))"
[ "$status" -ne 0 ] || rm -f "$out.core"
exit "$status"
