# SPDX-License-Identifier: GPL-2.0
# description: page_ref events of a page that is known to have failed go through the account
set -eu

. "$data/text_lib.sh"
command -v perl > /dev/null || { echo "no perl"; exit 4; }
xz -dc "$data/forms/trace.txt.xz" > trace.txt

# named REASON VICTIM FILE [ARGUMENT...]: the pipe's reference, by its get and its put
named()
{
	reason=$1
	victim=$2
	shift 2
	"$tool" report --format=json -o json "$@" 2> err || { echo "exit $?: $*"; cat err; exit 1; }
	jq -e --arg reason "$reason" --arg victim "$victim" '
		(.failures | length) == 1 and (.failures[0] | .reason == $reason and
		 .victim.comm == $victim and .pfn == 235850 and .verdict == "named" and
		 .holders[0].refs == 1) and
		(.holders[0] | .task_from == "acquire" and .tasks == [{"pid": 108,
		 "comm": "vmsplice_hold"}] and .acquire.function == "__do_sys_vmsplice" and
		 .release.function == "page_cache_pipe_buf_release") and .trace.lost == 0' json > /dev/null ||
		{ echo "$*: another story"; jq -c '.failures[], .holders[]' json; cat err; exit 1; }
	grep -q 'page_ref events of 1 page' err || { echo "not told what it is from: $*"; exit 1; }
}

# mapcount counts from -1 since Linux 6.9, from 0 before
for base in -1 0; do
	for how in cma isolated console freeze; do
		perl "$data/page_ref.pl" $how $base < trace.txt > text
		named alloc_contig cma_take text
	done
	perl "$data/page_ref.pl" frozen-stack $base < trace.txt > text
	named other cma_take text
	# when it failed is not told, nor who wanted it
	perl "$data/page_ref.pl" log $base < trace.txt > text
	named alloc_contig '<unknown>' text
	grep -q 'when pfn 0x3994a failed is not on record' err
	perl "$data/page_ref.pl" none $base < trace.txt > text
	named other '<unknown>' --pfn=0x3994a text
	named other '<unknown>' --pfn=235850 - < text
done

# in other columns, in a log and packed
perl "$data/page_ref.pl" console < trace.txt > text
sed 's/^/> /' text > mail
named alloc_contig cma_take mail
sed 's/^/[   12.345678] /' text > log
named alloc_contig cma_take log
fold -s -w 76 text > folded
named alloc_contig cma_take folded
gzip -c text > text.gz
named alloc_contig cma_take text.gz

# as perf script has it
perl "$data/page_ref.pl" cma < trace.txt | perl -ne '
	next if /^#/ or /<stack trace>/;
	print "\n" if $began and not /^ =>/;
	$began = 1;
	s/^ => (\S+)$/\tffffffff81000010 $1+0x10 ([kernel.kallsyms])/;
	s/^ *(\S+)-(\d+) +\[(\d+)\] \S+ +([\d.]+): (cma|page_ref)_/sprintf "%s %5d [%s] %s:  %s:%s_", $1, $2, $3, $4, $5, $5/e;
	print;' > perf
grep -q 'page_ref:page_ref_mod: ' perf
named alloc_contig cma_take perf

# a page that was not held, one that is not on record, and no page at all
perl "$data/page_ref.pl" none < trace.txt > text
told 1 'page_ref events alone.*--pfn' text
told 1 'nothing in it says that pfn 0x50000 had more' --pfn=0x50000 text
told 1 'nothing in it says that pfn 0x1 had more' --pfn=0x1 text

# what could not be frozen, and was migrated all the same, did not fail
perl "$data/page_ref.pl" freeze < trace.txt | sed 's/nr_failed=1/nr_failed=0/' > text
told 1 'page_ref events alone.*--pfn' text

# a count that another CPU changed meanwhile is none that is missing
perl "$data/page_ref.pl" cma < trace.txt |
	perl -pe 's/count=3( .*val=1)$/count=4$1/ if /pfn=0x3994a/' > text
grep -q 'count=4.*val=1$' text
named alloc_contig cma_take text
perl "$data/page_ref.pl" cma < trace.txt |
	perl -pe 's/count=4( .*val=1)$/count=5$1/ if /pfn=0x3994a/' > text
grep -q 'count=5.*val=1$' text
named alloc_contig cma_take text
jq -e '.failures[0].refcount == 4' json > /dev/null || { echo "another's reference is counted"; exit 1; }

# a loss is a loss here, too: what comes behind it is not to be trusted
perl "$data/page_ref.pl" cma < trace.txt > text
nr=$(grep -n 'vmsplice_hold.*val=-1' text | cut -d: -f1)
sed "${nr}i\\
CPU:0 [LOST 12 EVENTS]" text > lost
rc=0
"$tool" report --format=json -o json lost 2> err || rc=$?
[ "$rc" -eq 3 ] || { echo "exit $rc with events lost"; cat err; exit 1; }
jq -e '.trace.lost == 12 and .failures[0].verdict == "unsafe"' json > /dev/null
# an event that was torn can have been of the page; the line is the one of the text
sed "${nr}s/ mapping=.*//" text > torn
rc=0
"$tool" report --format=json -o json torn 2> err || rc=$?
[ "$rc" -eq 3 ] || { echo "exit $rc with an event torn"; cat err; exit 1; }
grep -q "the first in line $nr:" err || { cat err; exit 1; }
jq -e '.failures[0].verdict == "unsafe"' json > /dev/null

# page_pinner's own events tell more
{ cat text; sed '/^#/d' trace.txt; } > both
"$tool" report --format=json -o json both 2> err || :
! grep -q 'page_ref' err

# what dump_page() alone tells
perl "$data/page_ref.pl" log < trace.txt | sed '/page_ref/d' | sed -n '/^\[/p' > dump
told 1 'pfn 0x3994a had 4 references, 3 accounted for and 1 mapping, flags referenced|uptodate|lru|active|zone=1: migration failure' dump
grep -q 'echo 0x3994a > .*page_pinner/watch; page_pinner record' err

# binary recordings of page_ref alone: the way to the text is told
command -v trace-cmd > /dev/null || { echo "no trace-cmd"; exit 4; }
command -v python3 > /dev/null || { echo "no python3"; exit 4; }
xz -dc "$data/forms/trace.dat.xz" > trace.dat
trace-cmd convert -i trace.dat -o plain.dat --file-version 6 --compression none > log 2>&1
cat > rename.py <<'EOF'
import struct
data = open("plain.dat", "rb").read()
at = data.index(b"page_pinner\0")
first = struct.unpack_from("<Q", data, data.index(b"flyrecord\0") + 10)[0]
head = data[:at] + b"page_ref\0" + data[at + 12:first] + bytes(3)
open("refs.dat", "wb").write(head + data[first:])
EOF
python3 rename.py
told 1 'page_ref events, which are read as text: trace-cmd report refs.dat | page_pinner report -' refs.dat
