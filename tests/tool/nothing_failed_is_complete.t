# SPDX-License-Identifier: GPL-2.0
# description: the events were on and nothing failed: 0 failures, exit 0, from every form
set -eu
command -v trace-cmd > /dev/null || { echo "no trace-cmd"; exit 4; }
command -v perl > /dev/null || { echo "no perl"; exit 4; }

# complete FILE: a report without a failure, in words and in JSON, and no complaint
# but the note that a text without any event cannot say what was on
complete()
{
	rc=0
	"$tool" report "$1" > out 2> err || rc=$?
	[ "$rc" -eq 0 ] && ! grep -qv ": if page_pinner's were on, nothing failed\$" err ||
		{ echo "$1: exit $rc: $(cat err)"; exit 1; }
	grep -q '0 failures' out || { echo "$1 has no \"0 failures\":"; cat out; exit 1; }
	"$tool" report --format=json "$1" 2> /dev/null |
		jq -e '.failures == [] and .holders == [] and .trace.lost == 0' > /dev/null
}

# trace.dat: its formats are the proof; a stretch of time before the first event
xz -dc "$data/forms/trace.dat.xz" > trace.dat
trace-cmd split -i trace.dat -o none.dat 0 0.1 > /dev/null 2>&1
mv none.dat* none.dat
[ "$(trace-cmd report none.dat 2> /dev/null | grep -c page_pinner)" -eq 0 ]
complete none.dat

# perf.data: its attributes are; all but the samples
xz -dc "$data/forms/perf.data.xz" | perl -0777 -ne '
	my ($at, $size) = unpack("Q<2", substr($_, 40, 16));
	my ($kept, $next) = ("", $at);
	while ($next < $at + $size) {
		my ($type, $misc, $len) = unpack("L<S<2", substr($_, $next, 8));
		$kept .= substr($_, $next, $len) if $type != 9;
		$next += $len;
	}
	my ($features, $table) = (unpack("%32b*", substr($_, 72, 32)), $at + $size);
	my $less = $size - length $kept;
	for my $i (0 .. $features - 1) {
		my $was = unpack("Q<", substr($_, $table + 16 * $i, 8));
		substr($_, $table + 16 * $i, 8) = pack("Q<", $was - $less);
	}
	substr($_, 48, 8) = pack("Q<", length $kept);
	substr($_, $at, $size) = $kept;
	print;' > none.data
complete none.data

# the text of tracefs: its header; of trace-cmd: the line that counts the CPUs
xz -dc "$data/forms/trace.txt.xz" | sed -n '/^#/p' |
	sed 's,^# entries-in-buffer/entries-written: [0-9/]*,# entries-in-buffer/entries-written: 0/0,' > none.txt
complete none.txt
xz -dc "$data/forms/tracecmd.txt.xz" | sed -n '/^cpus=/p' > none.tracecmd
complete none.tracecmd

# perf script says nothing, but with --header that the events were on
cat > header.txt << 'END'
# ========
# captured on    : Thu Nov 26 11:55:16 2026
# os release : 6.12.117
# cmdline : /usr/bin/perf record -e page_pinner:* -ag sleep 100
# event : name = page_pinner:page_pinner_put, , id = { 12, 13 }, type = 2, size = 128, config = 0x166
# event : name = page_pinner:page_pinner_fail_alloc_contig, , id = { 24, 25 }, type = 2, size = 128, config = 0x16c
# event : name = dummy:HG, , id = { 26, 27 }, type = 1, size = 128, config = 0x9
# ========
#
END
complete header.txt
{ cat header.txt; echo 'sh     1 [000]     0.000000: PERF_RECORD_COMM: sh:1/1'; } > comm.txt
complete comm.txt
sed '/page_pinner_fail/d' header.txt > off.txt
rc=0
"$tool" report off.txt > out 2> err || rc=$?
[ "$rc" -eq 1 ] || { echo "no failure was on, and yet exit $rc"; exit 1; }
if command -v perf > /dev/null && perf script --help > /dev/null 2>&1; then
	perf script --header -i none.data > header.txt 2> log
	complete header.txt
	perf script --header --show-task-events -i none.data > header.txt 2> log
	complete header.txt
fi

# the same from anywhere
for file in none.dat none.data none.txt none.tracecmd header.txt; do
	gzip -c $file > packed.gz
	complete packed.gz
	rc=0
	cat $file | "$tool" report - > out 2> err || rc=$?
	[ "$rc" -eq 0 ] && grep -q '0 failures' out || { echo "$file by a pipe: exit $rc"; cat err; exit 1; }
done
for version in 6 7; do
	trace-cmd convert -i none.dat -o other.dat --file-version $version > log 2>&1
	complete other.dat
done
trace-cmd report -i none.dat > report.txt 2> log
complete report.txt
trace-cmd report -l -i none.dat > report.txt 2> log
complete report.txt

# folios that are watched are on record, failures or not: in each form of text
xz -dc "$data/forms/trace.txt.xz" | sed -n '/^#/p' > watched.txt
cat >> watched.txt << 'END'
        cma_take-114     [000] d....     7.246137: page_pinner_get: pfn=0x3994a order=0 refcount=3 delta=1 reason=watch id=0
        cma_take-114     [000] d....     7.246138: page_pinner_put: pfn=0x3994a order=0 refcount=2 delta=-1 reason=watch id=0
END
sed -i 's,entries-written: [0-9/]*,entries-written: 2/2,' watched.txt
complete watched.txt

cat > watched.perf << 'END'
cma_take   114 [000]     7.246137: page_pinner:page_pinner_get: pfn=0x3994a order=0 refcount=3 delta=1 reason=watch id=0
	ffffffff81278bd1 folio_try_get+0x21 ([kernel.kallsyms])

cma_take   114 [000]     7.246138: page_pinner:page_pinner_put: pfn=0x3994a order=0 refcount=2 delta=-1 reason=watch id=0
	ffffffff81278bd1 folio_put+0x21 ([kernel.kallsyms])

END
complete watched.perf
for form in latency dmesg-dump mail tgid ticks; do
	perl "$data/text_form.pl" $form < watched.txt > watched.form
	complete watched.form
done

# an empty file proves nothing
: > empty
rc=0
"$tool" report empty > out 2> err || rc=$?
[ "$rc" -eq 1 ] && grep -q '^page_pinner: empty: empty file; perf script .*--header' err
