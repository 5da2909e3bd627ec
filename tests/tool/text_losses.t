# SPDX-License-Identifier: GPL-2.0
# description: text: each way to say that events are missing is heard; a cut text is told
set -eu

. "$data/text_lib.sh"
xz -dc "$data/forms/trace.txt.xz" > trace.txt
xz -dc "$data/forms/tracecmd.txt.xz" > tracecmd.txt
xz -dc "$data/forms/perf.txt.xz" > perf.txt

# lost N FILE: exit 3, N events lost, and nothing named that the loss touches
lost()
{
	rc=0
	"$tool" report --format=json -o json "$2" > out 2> err || rc=$?
	[ "$rc" -eq 3 ] || { echo "exit $rc: $3"; cat err; exit 1; }
	jq -e --argjson lost "$1" '.trace.lost == $lost' json > /dev/null ||
		{ echo "lost $(jq .trace.lost json), not $1: $3"; exit 1; }
}

# at FILE PATTERN LINE: the line in front of the last event that has the pattern
at()
{
	nr=$(grep -n "$2" "$1" | tail -n 1 | cut -d: -f1)
	sed "${nr}i\\
$3" "$1"
}

hold='vmsplice_hold.*page_pinner_put'
for line in 'CPU:0 [LOST 12 EVENTS]' 'CPU:0 [12 EVENTS DROPPED]'; do
	at trace.txt "$hold" "$line" > text
	lost 12 text "$line"
	jq -e '[.failures[] | select(.verdict == "unsafe")] | length > 0' json > /dev/null
	at tracecmd.txt "$hold" "$line" > text
	lost 12 text "trace-cmd: $line"
done
for line in 'CPU:0 [LOST EVENTS]' 'CPU:0 [EVENTS DROPPED]'; do
	at trace.txt "$hold" "$line" > text
	lost 1 text "$line"
done
for line in \
	'vmsplice_hold   108 [000]     7.774400: PERF_RECORD_LOST lost 12' \
	'vmsplice_hold   108 [000]     7.774400: PERF_RECORD_LOST_SAMPLES lost 12' \
	'PERF_RECORD_LOST lost 12' \
	'0x7e68 [0x20]: PERF_RECORD_LOST: id:3: lost:12'; do
	at perf.txt "$hold" "$line" > text
	lost 12 text "$line"
done
at perf.txt "$hold" '0 7774400000 0x7e68 [0x20]: PERF_RECORD_THROTTLE' > text
lost 1 text throttle

sed 's,written: 338/338,written: 338/500338,' trace.txt > text
lost 500000 text header
sed '/^#/d' trace.txt > text
at text sysctl.*page_pinner '##### CPU 1 buffer started ####' > started
lost 1 started started
sed 's/^/[   12.345678] /' trace.txt > log
at log "$hold" '** 17 printk messages dropped **' > text
lost 1 text printk
{ cat perf.txt; echo 'Warning: Processed 169 events and lost 3 chunks!'; } > text
lost 3 text chunks
{ cat trace.txt; printf 'entries: 0\noverrun: 5\n'; } > text
lost 5 text overrun

# Cut anywhere in its last lines, a text costs its last event and says so; only
# at the very end of a line it cannot be told.
story trace.txt > want
for form in trace tracecmd perf; do
	size=$(wc -c < $form.txt)
	cut=3
	while [ "$cut" -lt 1500 ]; do
		cut=$((cut + 37))
		head -c $((size - cut)) $form.txt > text
		[ "$(tail -c 1 text | tr -d '\n' | wc -c)" -eq 1 ] || continue
		rc=0
		"$tool" report --format=json -o json text > out 2> err || rc=$?
		case $rc in
		3) grep -q 'torn, cut or of another form' err ;;
		0) case $(tail -n 1 text) in
		   *'=> '* | *')') ;;	# a frame that is known, or has its end
		   *) echo "$form, cut by $cut: not told: $(tail -n 1 text)"; exit 1 ;;
		   esac ;;
		*) echo "$form, cut by $cut: exit $rc"; cat err; exit 1 ;;
		esac
		jq -e '.trace.events > 150' json > /dev/null
	done
done

# the last event cut within its fields
nr=$(grep -n "$hold" trace.txt | tail -n 1 | cut -d: -f1)
head -n "$nr" trace.txt | head -c -20 > text
lost 1 text 'cut in the fields'
jq -e '[.holders[] | select(any(.tasks[]; .pid == 108))] | length == 1' json > /dev/null

# null bytes within
{ head -n 60 trace.txt; head -c 500 /dev/zero; sed '1,60d' trace.txt; } > text
rc=0
"$tool" report --format=json -o json text > out 2> err || rc=$?
[ "$rc" -eq 3 ] || { echo "null bytes: exit $rc"; exit 1; }
