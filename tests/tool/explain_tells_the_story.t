# SPDX-License-Identifier: GPL-2.0
# description: --explain shows each change of one mark and what it was matched with
set -eu
xz -dc "$data/forms/trace.dat.xz" > trace.dat

"$tool" report --explain=1 trace.dat > story
grep -q '^Mark 1, pfn ' story
grep -q 'alloc_contig FAILS: extra_ref, refcount 3, expected 2, unexpected 1' story
grep -q 'vmsplice_hold/[0-9]* .*put -1 -> [0-9]* in page_cache_pipe_buf_release' story
grep -q 'taken before anything was recorded; pipe: could be in the way' story
grep -q 'given back by #[0-9]* (same task, same class)' story
grep -q 'the mark ends: settled' story
grep -q '^1 failure of [0-9]* (--explain=1) in 1 operation: 1 named' story

rc=0
"$tool" report --explain=999999 trace.dat > out 2> err || rc=$?
[ "$rc" -eq 1 ]
grep -q 'no failure with id 999999' err

# the verdict does not depend on who looks
"$tool" report --format=json --explain=1 trace.dat | jq -c '.failures[] | del(.holders)' > got
"$tool" report --format=json trace.dat | jq -c '.failures[] | select(.id == 1) | del(.holders)' > want
cmp want got
