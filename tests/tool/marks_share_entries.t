# SPDX-License-Identifier: GPL-2.0
# description: marks that ended long ago and tell the same share an entry: nothing that
# is summed up changes, filters find each of them, and a loss makes them unsafe
set -eu

# marks FROM TO [OTHER]: each is held by a pipe for 1 to 50 ms; where event OTHER is due,
# one of the other CPU is there
marks()
{
	awk -v from="$1" -v to="$2" -v other="${3--1}" '
	function at(cpu, who, t, event) {
		printf "%16s-%d     [00%d] .....  %.6f: %s\n", who, who == "cma_take" ? 114 : 108, cpu, t, event
	}
	function stack(cpu, who, t, frames) {
		at(cpu, who, t, "<stack trace>")
		gsub(" ", "\n => ", frames)
		print " => " frames
	}
	BEGIN {
		print "# tracer: nop"
		for (i = from; i < to; i++) {
			t = 100 + i / 10
			pfn = sprintf("pfn=0x%x order=0", 4096 + i % 512)
			at(0, "cma_take", t, "page_pinner_fail_alloc_contig: " pfn " refcount=3 expected=2 mapcount=1 pincount=0 reason=alloc_contig kind=extra_ref id=" i + 1 " marked=new repeats=0 nid=0 mt=cma flags=0x0")
			stack(0, "cma_take", t + 0.000010, "isolate_migratepages_block alloc_contig_range_noprof __cma_alloc cma_alloc_write")
			if (i == other)
				at(1, "cma_take", t + 0.0002, "page_pinner_fail_compaction: pfn=0x10 order=0 refcount=2 expected=2 mapcount=1 pincount=0 reason=compaction kind=no_memory id=0 marked=no repeats=0 nid=0 mt=movable flags=0x0")
			hold = 0.001 * (1 + i % 50)
			at(0, "vmsplice_hold", t + hold, "page_pinner_put: " pfn " refcount=2 delta=-1 reason=alloc_contig id=" i + 1)
			stack(0, "vmsplice_hold", t + hold + 0.000010, "generic_pipe_buf_release free_pipe_info pipe_release __fput")
			at(0, "vmsplice_hold", t + hold + 0.000100, "page_pinner_unmark: " pfn " refcount=2 reason=alloc_contig id=" i + 1 " why=settled age_ns=1000000 logged=1 dropped=0")
		}
	}'
}

# sums FILE: what is summed up of it, for all of its failures together
sums()
{
	"$tool" report --format=json "$@" | jq -c '{
		failures: ([.failures[].count] | add), attempts: ([.failures[].attempts] | add),
		blocked: ([.failures[].blocked] | add), repeats: ([.failures[].repeats] | add),
		of: [.operations[].count] | add, named: ([.failures[] | select(.verdict == "named") | .count] | add),
		refs: ([.holders[].refs] | add), by: ([.holders[].failures] | add),
		blocked_ns: ([.holders[].blocked_ns] | add), held: ([.operations[].holders[].refs] | add),
		victims: ([.victims[] | [.failures, .named, .blocked_ns]]) }'
}

marks 0 6000 > all
"$tool" report --format=json all > all.json
jq -e '.failures | length >= 4096 and length < 4200' all.json
jq -e '[.failures[] | select(.count > 1)] | length >= 1 and all(.[];
	.verdict == "named" and (.holders | length) == 1 and .holders[0].refs == 1 and
	.holders[0].attempts == .count and .attempts == .count and .pages == 512 and
	.first_pfn == 4096 and .last_pfn == 4607 and
	([.account[].refs] | add) == .refcount)' all.json

# Fewer of them share nothing: both halves together are what all of them are.
marks 0 3000 > first
marks 3000 6000 > second
[ "$("$tool" report --format=json first | jq '[.failures[].count] | max')" -eq 1 ]
sums all > got
{ sums first; sums second; } | jq -s -c '.[0] as $a | .[1] as $b | $a | with_entries(
	if .key == "victims" then .value = [[range(3) as $i | $a.victims[0][$i] + $b.victims[0][$i]]]
	else .value += $b[.key] end)' > want
cmp want got || { cat want got; exit 1; }
jq -e '.holders | length == 1 and (.[0] | .pages == 512 and .first_ns == 100000000000)' all.json
# how long: from 1 to 50 ms, each as often; in the middle a hundredth is lost
jq -e '.holders[0].hold_ns | .min == 1000000 and .max == 50000000 and
	.median >= 24700000 and .median <= 25500000 and
	.p90 >= 44500000 and .p90 <= 45600000' all.json

# each of them is found, and no other with it
left()
{
	"$tool" report --format=json "$@" all |
		jq -r '"\([.failures[].count] | add // 0) of \(.filter.failures)"'
}
[ "$(left --pfn=0x1003)" = "12 of 6000" ]
[ "$(left --time=110,119.99)" = "100 of 6000" ]
[ "$(left --comm=vmsplice_hold)" = "6000 of 6000" ]
[ "$(left --explain=17)" = "1 of 6000" ]
[ "$("$tool" report --format=json --explain=17 all | jq '.failures[0].id')" -eq 17 ]

# A loss that reaches back to where marks still stand for themselves touches those from there
# on; further back, all that share an entry with one that it touches.
unsafe()
{
	marks 0 6000 "$1" > lossy
	echo 'CPU:1 [LOST 5 EVENTS]' >> lossy
	echo '        cma_take-114     [001] .....  701.000000: page_pinner_fail_compaction: pfn=0x10 order=0 refcount=2 expected=2 mapcount=1 pincount=0 reason=compaction kind=no_memory id=0 marked=no repeats=0 nid=0 mt=movable flags=0x0' >> lossy
	rc=0
	"$tool" report --format=json lossy > lossy.json || rc=$?
	[ "$rc" -eq 3 ]
	jq '[.failures[] | select(.verdict == "unsafe") | .count] | add // 0' lossy.json
}
[ "$(unsafe 5000)" -eq 1000 ]
[ "$(unsafe 1000)" -ge 5000 ]
jq -e '[.failures[] | select(.count > 1 and .verdict != "unsafe")] == []' lossy.json
