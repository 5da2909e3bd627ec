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

# folios that are watched are on record, failures or not: in each form of text
xz -dc "$data/forms/trace.txt.xz" | sed -n '/^#/p' > watched.txt
cat >> watched.txt << 'END'
        cma_take-114     [000] d....     7.246137: page_pinner_get: pfn=0x3994a order=0 refcount=3 delta=1 reason=watch id=0
        cma_take-114     [000] d....     7.246138: page_pinner_put: pfn=0x3994a order=0 refcount=2 delta=-1 reason=watch id=0
END
sed -i 's,entries-written: [0-9/]*,entries-written: 2/2,' watched.txt
complete watched.txt

# an empty file proves nothing
: > empty
rc=0
"$tool" report empty > out 2> err || rc=$?
[ "$rc" -eq 1 ] && grep -q '^page_pinner: empty: ' err
