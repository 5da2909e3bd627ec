# SPDX-License-Identifier: GPL-2.0
# description: the answers first; many failures alike are one line, unless -v
set -eu
xz -dc "$data/forms/trace.dat.xz" > trace.dat
"$tool" report trace.dat > report

# who, what, when, by whom, how long at least, how sure, and what to do: the first line
victim=$(sed -n '2p' "$data/forms/cma.truth")
[ -n "$victim" ]
sed -n 1p report | grep -qE "^[0-9]+\.[0-9]{6} s: cma_take/[0-9]+ could not take pfn $victim .*\
 \(alloc_contig\): held at least [0-9.]+ ms by 1 pipe reference,\
 released by vmsplice_hold/[0-9]+ \[1\], confidence 0\.9"
sed -n 2p report | grep -q '^  Next: the pages stay until somebody reads the pipe'
# one line, and what to do, for each operation
[ "$(sed '/^$/,$d' report | grep -c 'could not')" -eq 3 ]
[ "$(sed '/^$/,$d' report | wc -l)" -eq 6 ]
[ "$(grep -c '^[0-9]* failures in 3 operations: ' report)" -eq 1 ]
grep -q 'sysctl/[0-9]* could not compact [0-9]* pages in pfn 0x[0-9a-f]*-0x[0-9a-f]* .*nobody\|there was no page to move it to' report

# then, in this order
parts='^Page pinner|^[0-9]* failures|^Holders|^Victims|^Failures$|^Stacks|^Set aside|events read:'
echo "$parts" | tr '|' '\n' | while read -r part; do
	grep -n "$part" report | head -n 1 | cut -d : -f 1
done > lines
[ "$(wc -l < lines)" -eq 8 ]
sort -n -c lines

# who it was stands in the table of a terminal of 80 columns
COLUMNS=80 "$tool" report trace.dat > narrow
grep -q '^ *# failures  function  *task$' narrow
grep -q '^ *1 .* page_cache_pipe_buf_release  released by vmsplice_hold/' narrow

# each failure adds up, and says who asked
grep -c '^      refcount [0-9]* = ' report > sums
[ "$(cat sums)" -eq 2 ]
grep '^      refcount' report | while read -r word count equals rest; do
	[ "$(($(echo "$rest" | sed 's/\[[0-9]*\]//g; s/[^-+0-9]//g')))" -eq "$count" ]
done
grep -q '^      asked from: .* < __cma_alloc < ' report
# short, unless all of it is wanted
grep -q '^      asked from: isolate_migratepages_block .* < \.\.\.$' report
"$tool" report -v trace.dat | grep -q '^      asked from: isolate_.* < entry_SYSCALL_64_after_hwframe$'

# 300 failures over which nobody can be named, as text of tracefs
cat > many.txt <<'END'
# tracer: nop
END
i=0
while [ "$i" -lt 300 ]; do
	i=$((i + 1))
	printf '            sysctl-100     [000] .....  10.%06d: page_pinner_fail_compaction: pfn=0x%x order=0 refcount=2 expected=2 mapcount=1 pincount=0 reason=compaction kind=no_memory id=0 marked=no repeats=0 mt=movable nid=0 flags=0x0\n' "$i" "$((4096 + i))"
done >> many.txt
"$tool" report many.txt > many || { cat many; exit 1; }
[ "$(wc -l < many)" -lt 15 ]
# for how long, where nobody is to blame
sed -n 1p many | grep -q 'not_a_reference: .*, in 300 attempts within 299.00 us$'
grep -q 'compaction, no_memory: 300 failures of 300 pages by sysctl/100, first of pfn 0x1001 (id 0): not_a_reference' many
[ "$("$tool" report -v many.txt | grep -c 'compaction of pfn')" -eq 300 ]

# no line is longer than the terminal, but a word that is
COLUMNS=60 "$tool" report many.txt | awk 'length > 60 { exit 1 }'
