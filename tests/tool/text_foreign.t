# SPDX-License-Identifier: GPL-2.0
# description: text that is no recording of ours is named, and what would help is said
set -eu

. "$data/text_lib.sh"

cat > android <<'END'
           <...>-5124  [003] .....  100.123456: page_pinner_failure: pfn=0x13e473 flags=uptodate|lru count=3 mapcount=1 mapping=00000000abc mt=1
           <...>-5124  [003] .....  100.123457: page_pinner_put: pfn=0x13e473 flags=uptodate|lru count=2 mapcount=1 mapping=00000000abc mt=1
END
told 1 'Android or of the RFC of 2021' android

cat > rfc <<'END'
cuda-EvtHandlr 31023 [000] 3244.976411: page_pinner:page_pinner_put: pfn=0x13e473 flags=0x8001e count=0 mapcount=0 mapping=(nil) mt=1
	ffffffff82511be4 __page_pinner_put+0x54 (/lib/modules/5.15.6+/build/vmlinux)
END
told 1 'Android or of the RFC of 2021' rfc

cat > dump_page <<'END'
[  123.456789] page: refcount:3 mapcount:1 mapping:ffff888003a3b1c8 index:0x0 pfn:0x3994a
[  123.456791] flags: 0x2082c(referenced|uptodate|lru|active|owner_2)
[  123.456793] page dumped because: migration failure
END
told 1 'dump_page(): pfn 0x3994a had 3 references and 1 mapping' dump_page
grep -q 'page_pinner/watch' err
grep -q 'page_pinner record' err

cat > page_ref <<'END'
            bash-114     [000] .....     7.246137: page_ref_mod_and_test: pfn=0x3994a flags=uptodate|lru count=2 mapcount=1 mapping=00000000abc mt=5 val=-1 ret=0
END
told 1 'page_ref events alone' page_ref

cat > graph <<'END'
# tracer: function_graph
 3)   0.081 us    |  rcu_preempt_read_enter();
END
told 1 'function_graph' graph

cat > perf_trace <<'END'
     0.000 vmsplice_hold/108 page_pinner:page_pinner_put(pfn: 235850, refcount: 1, delta: -1, id: 1)
END
told 1 'perf trace' perf_trace

cat > simpleperf <<'END'
sample:
  event_type: page_pinner:page_pinner_put
  time: 123456
END
told 1 'simpleperf' simpleperf

# no fields, no names, no tasks
xz -dc "$data/forms/perf.txt.xz" > perf.txt
sed 's/^\(.*page_pinner_[a-z_]*:\).*/\1/' perf.txt > text
told 1 'no fields.*+trace' text
sed 's/page_pinner:page_pinner_[a-z_]*://' perf.txt > text
told 1 'without the events. names.*+event' text
sed 's/^[a-z].*\(page_pinner:page\)/  \1/' perf.txt > text
told 1 'no tasks.*+comm' text
cat > verbose <<'END'
     cma_take     114   0 0 00000000 00000000 [00006e4d] 28.237ms (+0.010ms): page_pinner_put: pfn=0x3994a order=0 refcount=2 delta=-1 reason=alloc_contig id=1
END
told 1 'unknown form' verbose

# other events alone, and none
cat > others <<'END'
          sh-1     [000] .....     1.000000: sched_switch: prev_comm=a
END
told 1 'no page_pinner events recorded.*record' others
echo hello > hello
told 1 'not a trace' hello

# a healthy recording
for text in 'cpus=2' 'cpus=2\nCPU 0 is empty\nCPU 1 is empty' \
	'# tracer: nop\n#\n# entries-in-buffer/entries-written: 0/0   #P:2\n#'; do
	printf "$text\n" > healthy
	told 0 'nothing failed' healthy
	jq -e '.failures == []' json > /dev/null
done

# two recordings in one text are two stories
xz -dc "$data/forms/trace.txt.xz" > a
xz -dc "$data/forms/tracecmd.txt.xz" > b
cat a a > text
told 1 'two recordings in one text, the second from line' text
cat b b > text
told 1 'two recordings in one text' text
sed '/^#/d' a > c
cat c c > text
told 1 'time goes back in line' text
{ sed 's/^\(.*-[0-9]* *\[\)/  a.dat: \1/' b; sed 's/^\(.*-[0-9]* *\[\)/  b.dat: \1/' b; } |
	sed '/^cpus/d' > text
told 1 'two recordings in one text, .*a.dat.*b.dat' text

# an instance beside the top, where ours are in one of them alone
sed 's/^\(.*-[0-9]* *\[\)/  buf: \1/; 2i\
              bash-99    [001]     7.000000: sched_switch: prev_comm=a' b > text
story text > got
story b > want
same want got 'an instance'

# an enumerator without a name is a number and never another's name
sed 's/reason=alloc_contig/reason=(99)/; s/kind=extra_ref/kind=0x63/; s/why=settled/why=surprised/' \
	a > text
story text > got
grep -q '^99 ' got
! grep -q '^none \|^alloc_contig ' got
jq -e 'any(.failures[]; .kind == "99")' json > /dev/null
