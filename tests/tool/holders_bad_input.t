# SPDX-License-Identifier: GPL-2.0
# description: what holders cannot read is an error or is counted, and no line that
# is cut, torn or mixed with another names anybody who was not there
set -eu
. "$data/holders_lib.sh"

refused()
{
	word=$1
	shift
	rc=0
	"$@" > out 2> err || rc=$?
	[ "$rc" -eq 1 ] || { echo "exit $rc: $*"; cat err; exit 1; }
	[ ! -s out ] || { echo "output of: $*"; exit 1; }
	[ "$(wc -l < err)" -eq 1 ] || { echo "not one line: $*"; cat err; exit 1; }
	grep -q "^page_pinner: .*$word" err || { echo "no $word:"; cat err; exit 1; }
}

: > empty
echo 'root:x:0:0' > nonsense
mkdir nothing_there
refused 'No such file' "$tool" holders missing
refused 'empty' "$tool" holders empty
refused 'nonsense: nothing about holders' "$tool" holders nonsense
refused 'nothing_there: .*no.* holders' "$tool" holders nothing_there
refused 'is this root.*page_pinner=on' "$tool" holders "$PWD/page_pinner"
grep -v page_pinner log > plain
rc=0
"$tool" holders plain > out 2> err || rc=$?
[ "$rc" -eq 1 ] && [ ! -s out ] && grep -q 'dump_page.*\(does not say who holds\|who holds .* does not say\)' err
xz -dc "$data/forms/trace.txt.xz" > trace.txt
refused 'nothing about holders.*page_pinner report' "$tool" holders trace.txt
refused 'page_pinner holders reads it' "$tool" report table
refused 'page_pinner holders reads it' "$tool" report log
rc=0
"$tool" holders table log > out 2> err || rc=$?
[ "$rc" -eq 2 ] && grep -q 'one file at a time' err
rc=0
"$tool" holders --reason=compaction table > out 2> err || rc=$?
[ "$rc" -eq 2 ]

read_as 0 table table
said table.json | sort > want
# who: PFN, task, function and module of each get
who()
{
	jq -r '.holders as $h | .folios[] | .pfn as $pfn | .gets[] | .holder as $id |
		($h[] | select(.id == $id)) |
		"\($pfn) \(.tasks | map(.comm) | join(",")) \(.acquire.function) \(.module)"' "$1"
}
who table.json | sort -u > known

# nobody FORM: it names nobody whom the whole table does not
nobody_else()
{
	who "$1.json" | sort -u | grep -v ' unknown null$' | comm -23 - known > strangers
	[ ! -s strangers ] || { echo "$1 names"; cat strangers; exit 1; }
}

# cut at each byte: a line without its end is not read
size=$(wc -c < table)
at=$(($(head -n 1 table | wc -c) + 1))
cuts=0
while [ "$at" -lt "$size" ]; do
	head -c "$at" table > cut
	lost=3
	[ "$(tail -c 1 cut | od -An -c | tr -d ' ')" != '\n' ] || lost='0 3'
	rc=0
	"$tool" holders --format=json cut > cut.json 2> err || rc=$?
	case " $lost " in *" $rc "*) ;; *) echo "cut at $at: exit $rc"; exit 1 ;; esac
	nobody_else cut
	cuts=$((cuts + 1))
	at=$((at + 7))
done
[ "$cuts" -gt 100 ]
size=$(wc -c < log)
at=7
while [ "$at" -lt "$size" ]; do
	head -c "$at" log > cut
	rc=0
	"$tool" holders --format=json cut > cut.json 2> err || rc=$?
	case $rc in
	0 | 3) nobody_else cut ;;
	1) [ "$at" -lt 400 ] || { echo "log cut at $at:"; cat err; exit 1; } ;;
	*) echo "log cut at $at: exit $rc"; exit 1 ;;
	esac
	at=$((at + 11))
done

# damaged rows: each is told, none is believed
for damage in 's/ held / hold /' 's/12\.345678/12,345678/' 's/^0x7c03 0 3/0x7c03 0 4/' \
	's/task 312/task x/' 's/leak_take+0x12.0x40/leak_ta/' 's/ 8123 / /' \
	's/0x110<-gup/0x110<gup/' 's/leaky.040/leaky\\04/' 's/0x7c03/7c03/' \
	's/ 1 held/ -1 held/' 's/ 1 held/ 99999999999 held/'; do
	sed "2$damage" table > damaged
	! cmp -s damaged table || { echo "no damage: $damage"; exit 1; }
	read_as 3 damaged damaged
	nobody_else damaged
	! who damaged.json | grep -q leak_take || { echo "believed: $damage"; exit 1; }
	grep -q 'line 2 is not whole' damaged.err || { echo "not told: $damage"; cat damaged.err; exit 1; }
done

# a row that is missing shows in the sum
sed 2d table > damaged
read_as 3 damaged damaged
jq -e '.folios[0].not_on_record == 2 and .held.unread == 1' damaged.json > out
"$tool" holders damaged > text || :
grep -q 'or in lines that could not be read' text

# two dumps that nothing tells apart: no name is taken from either
sed -n '/pfn 0x7c03/,/unrecorded/p' log > one
sed -n '/pfn 0x7d00/,/pfn 0x8000/p' log | sed '$d' > two
paste -d '\n' one two | grep . > mixed
read_as 3 mixed mixed
nobody_else mixed
jq -e '[.folios[].gets[]] == [] and .trace.lost > 0' mixed.json > out
# one dump's end in another, at each line
lines=$(wc -l < one)
at=1
while [ "$at" -lt "$lines" ]; do
	{ head -n "$at" one; sed -n '/pfn 0x9000/,/do_anon/p' log; tail -n "+$((at + 1))" one; } > mixed
	rc=0
	"$tool" holders --format=json mixed > mixed.json 2> err || rc=$?
	[ "$rc" -eq 3 ] || { echo "mixed at $at: exit $rc"; exit 1; }
	nobody_else mixed
	at=$((at + 1))
done
# the beginning of the log was overwritten
sed '1,/1 held, task 312/d' log > damaged
read_as 3 damaged damaged
! who damaged.json | grep -q leak_take

# of two dumps of one page both count where their holders differ, and are one where not
sed -n '/pfn 0x7c03/,/unrecorded/p' log > first
sed 's/age_ms 8123/age_ms 9123/' first | sed 's/page_pinner/[  21.0] page_pinner/' > second
cat first second > again
read_as 0 again again
jq -e '(.folios | length) == 1 and .folios[0].gets[0].held_ns == 9123000000 and .holders[0].refs == 1' again.json > out
sed 's/task 312 comm [^ ]* since 12.345678/task 99 comm other since 20.5/' second > other
cat first other > again
read_as 0 again again
jq -e '[.folios[].gets[].pid] == [312, 99]' again.json > out

# the kernel says that it lost some
mkdir -p lossy
cp table lossy/holders
printf 'gets_refused 3\ngets_busy 1\n' > lossy/stats
read_as 3 lossy lossy
jq -e '.held.refused == 3 and .held.busy == 1 and .trace.lost == 4' lossy.json > out
"$tool" holders lossy > text || :
grep -q 'could not record 4 gets since boot' text
sed '3s/unrecorded/refused/' table > refused
read_as 3 refused refused
jq -e '.folios[0] | .refused and .gets[0].confidence == 0.5 and (.gets[0].sure | not)' refused.json > out

# names are anybody's: none reaches a terminal raw
sed '2s/leaky.040/\\033[31m/' table > colours
read_as 0 colours colours
"$tool" holders colours > text
! grep -q "$(printf '\033')" text
jq -e 'any(.folios[].gets[]; .comm == "\u001b[31m\\one")' colours.json > out

# hostile: soon, with 0, 1 or 3
${CC:-cc} -O2 -Wall -o mutate "$data/readers_mutate.c"
for form in table log; do
	seed=0
	while [ "$seed" -lt 200 ]; do
		seed=$((seed + 1))
		./mutate "$seed" < "$form" > input
		rc=0
		timeout 10 "$tool" holders --format=json -o json input > out 2> err || rc=$?
		case $rc in
		0 | 3) jq -e '.schema == "page_pinner.report/1"' json > out ||
			{ echo "$form, seed $seed: no JSON"; exit 1; } ;;
		1) [ -s err ] && ! grep -v '^page_pinner: ' err && ! grep 'fault of page_pinner' err ||
			{ echo "$form, seed $seed:"; cat err; exit 1; } ;;
		*) echo "$form, seed $seed: exit $rc"; cat err; exit 1 ;;
		esac
	done
done
