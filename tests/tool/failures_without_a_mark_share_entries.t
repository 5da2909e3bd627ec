# SPDX-License-Identifier: GPL-2.0
# description: beyond some thousands, failures without a mark that tell the same share
# an entry; what is said of them stays the same, and filters find each of them
set -eu
# 6,000 pages that cannot be moved for want of memory, then, apart in time, 500 more
# by another task; every tenth of the latter fails three times
awk 'BEGIN {
	fail = "page_pinner_fail_compaction: pfn=0x%x order=0 refcount=2 expected=2 mapcount=1 pincount=0 reason=compaction kind=%s id=0 marked=no repeats=0 nid=0 mt=movable flags=0x0\n"
	print "# tracer: nop"
	for (i = 0; i < 6000; i++)
		printf "         sysctl-100     [000] .....  %.6f: " fail, 10 + i / 10000, 4096 + i, "no_memory"
	for (i = 0; i < 500; i++)
		for (k = 0; k < (i % 10 ? 1 : 3); k++)
			printf "        compact-101     [000] .....  %.6f: " fail, 20 + i / 1000 + k / 10000, 65536 + 2 * i, "not_lru"
}' > many.txt
"$tool" report --format=json many.txt > many.json
"$tool" report many.txt > many
grep -q '^6500 failures in 2 operations: 450 transient, 6050 not_a_reference$' many
jq -e '[.failures[].count] | add == 6500' many.json
jq -e '[.failures[] | .count * (if .count > 1 then .pages / .count else .pages end)] | add == 6500' many.json
jq -e '[.failures[].attempts] | add == 6600' many.json
# they are few, and the first ones stand for themselves
jq -e '.failures | length > 4000 and length < 4200' many.json
jq -e '.failures[0] | .count == 1 and .pfn == 4096 and .first_pfn == 4096 and .last_pfn == 4096' many.json
jq -e '[.failures[] | select(.count > 1)] | length == 3 and
	all(.[]; .first_pfn <= .pfn and .pfn <= .last_pfn and .pages == .count and
		.first_pfn < .last_pfn and .attempts >= .count)' many.json
jq -e '[.operations[] | [.count, .pages, .first_pfn, .last_pfn]] ==
	[[6000, 6000, 4096, 10095], [500, 500, 65536, 66534]] or
	[.operations[] | [.count, .pages, .first_pfn, .last_pfn]] ==
	[[500, 500, 65536, 66534], [6000, 6000, 4096, 10095]]' many.json
jq -e '[.victims[] | .failures] | sort == [500, 6000]' many.json

# each of them is found, and no other with it
left()
{
	"$tool" report --format=json "$@" many.txt |
		jq -r '"\([.failures[].count] | add // 0) of \(.filter.failures)"'
}
[ "$(left --pfn=9999)" = "1 of 6500" ]
[ "$(left --pfn=4097)" = "1 of 6500" ]
[ "$(left --pfn=65537)" = "0 of 6500" ]
[ "$(left --time=20,20.0995)" = "100 of 6500" ]
[ "$(left --pid=101)" = "500 of 6500" ]
[ "$(left --comm=sysctl)" = "6000 of 6500" ]
