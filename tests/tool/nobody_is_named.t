# SPDX-License-Identifier: GPL-2.0
# description: where nobody is named the report says all that is known, and what to do
set -eu

# held for ever, without a stack, by somebody whose get is not on record
cat > held.txt <<'END'
# tracer: nop
        offline-100   [000] .....  10.000001: page_pinner_fail_memory_hotplug: pfn=0x1200 order=0 refcount=1026 expected=2 mapcount=1 pincount=0 reason=memory_hotplug kind=extra_ref id=7 marked=new repeats=0 nid=0 mt=movable flags=0x21
        offline-100   [000] .....  12.000001: page_pinner_fail_memory_hotplug: pfn=0x1200 order=0 refcount=1026 expected=2 mapcount=1 pincount=0 reason=memory_hotplug kind=extra_ref id=7 marked=again repeats=1 nid=0 mt=movable flags=0x21
END
"$tool" report held.txt > out
sed -n 1p out | grep -q '^10.000001 s: offline/100 could not offline pfn 0x1200 .*never_released: held at least 2.00 s, still held .*; who took it is not on record$'
sed -n 2p out | grep -qF 'echo 0x1200 > /sys/kernel/debug/page_pinner/watch; page_pinner record --reason=memory_hotplug'
grep -q '^2 of 2 events have no stack: record with -T' out
grep -q '^      refcount 1026 = .*1024 unexplained (1 FOLL_PIN)$' out
grep -q 'held for at least 2.00 s; .*refcount 1026, expected 2, .*pincount 0' out

# the command is one that page_pinner record takes
"$tool" record -n --reason=memory_hotplug > /dev/null

# two who could be meant, none who is: both stand there, with what speaks against each
cat > two.txt <<'END'
# tracer: nop
          taker-100   [000] .....  10.000001: page_pinner_fail_alloc_contig: pfn=0x1200 order=0 refcount=3 expected=2 mapcount=1 pincount=0 reason=alloc_contig kind=extra_ref id=7 marked=new repeats=0 nid=0 mt=movable flags=0x21
          alice-201   [000] .....  10.100001: page_pinner_put: pfn=0x1200 order=0 refcount=2 delta=-1 reason=alloc_contig id=7
            bob-202   [001] .....  10.200001: page_pinner_put: pfn=0x1200 order=0 refcount=1 delta=-1 reason=alloc_contig id=7
            bob-202   [001] .....  10.200001: page_pinner_unmark: pfn=0x1200 order=0 refcount=1 reason=alloc_contig id=7 why=settled age_ns=200000000 logged=2 dropped=0
END
"$tool" report two.txt > out
sed -n 1p out | grep -q 'unresolved: .*; candidates are alice/201, bob/202$'
for task in alice/201 bob/202; do
	grep -q "^      ? given back by $task: 1 reference, share 0.[0-5][0-9]*; not chosen: [a-z]" out
done
"$tool" report --format=json two.txt | jq -e '
	.failures[0] | (.candidates | length) == 2 and
	([.candidates[].share] | add) <= 1 and
	all(.candidates[]; .why_not != null and .api == "put")' > /dev/null

# what is nobody's reference has advice of its own, each its own
for kind in not_lru locked writeback buffers no_memory split unmovable busy nofs; do
	printf '# tracer: nop\n sysctl-100 [000] ..... 10.000001: page_pinner_fail_compaction: pfn=0x1200 order=0 refcount=2 expected=2 mapcount=1 pincount=0 reason=compaction kind=%s id=0 marked=no repeats=0 nid=0 mt=movable flags=0x0\n' "$kind" > "$kind.txt"
	"$tool" report "$kind.txt" | sed -n 2p | sed 's/^  Next: //' >> advice
done
[ "$(sort -u advice | grep -c .)" -eq 9 ] || { cat advice; exit 1; }

# where the kernel could set no mark, that is what has to change
cat > unmarked.txt <<'END'
# tracer: nop
         cma-301     [000] .....  10.000001: page_pinner_fail_alloc_contig: pfn=0x9000 order=0 refcount=3 expected=2 mapcount=1 pincount=0 reason=alloc_contig kind=extra_ref id=0 marked=refused repeats=0 nid=0 mt=cma flags=0x0
         gpu-302     [000] .....  20.000001: page_pinner_fail_migrate: pfn=0x9100 order=0 refcount=3 expected=2 mapcount=1 pincount=0 reason=device kind=extra_ref id=0 marked=no_page_ext repeats=0 nid=0 mt=movable flags=0x0
END
"$tool" report unmarked.txt > unmarked
grep -A1 'cma/301 could not take pfn 0x9000 ' unmarked | grep -q 'Next: .*page_pinner/max_marked'
grep -A1 'gpu/302 could not move pfn 0x9100 to a device ' unmarked | grep -q 'Next: ask the driver'
