# SPDX-License-Identifier: GPL-2.0
# description: -k and --by order and sum up what is there, alike in all formats
set -eu
xz -dc "$data/forms/trace.dat.xz" > trace.dat

# each key: the column of that name falls from row to row
for key in failures pages refs blocked median max; do
	"$tool" report -x ';' -k "$key" -F "$key" trace.dat | sed 1d > column
	[ "$(wc -l < column)" -ge 2 ]
	sort -c -n -r column
done
# and the order is not the same for all: two holders change places
"$tool" report -x ';' -k max -F function,max trace.dat > a
"$tool" report -x ';' -k max -F function,max trace.dat | sed 1d | cut -d ';' -f 2 > max
[ "$(sort -u max | wc -l)" -ge 2 ]

# the groups sum up to what the holders do
sum()
{
	"$tool" report -x ';' -F "$1" ${2:+--by="$2"} trace.dat | sed 1d | awk '{ n += $1 } END { print n }'
}
for by in function module task; do
	[ "$(sum refs)" -eq "$(sum refs "$by")" ]
	"$tool" report --by="$by" trace.dat | grep -q "^Holders, by $by\$"
	"$tool" report --by="$by" --format=json trace.dat > by.json
	jq -e --arg by "$by" '[ .holders[].refs ] == [ .holders[].refs ] and
		([ .groups[].refs ] | add) == ([ .holders[].refs ] | add) and
		([ .groups[] | select(has($by) | not) ] | length) == 0' by.json > /dev/null
done
"$tool" report --format=json trace.dat | jq -e 'has("groups") | not' > /dev/null

# the victims: their failures are all that there are, their holders exist
"$tool" report --format=json trace.dat |
	jq -e '([ .victims[].failures ] | add) == (.failures | length) and
		([ .victims[].holders[].holder ] - [ .holders[].id ] == []) and
		(.victims | length) == ([ .failures[].victim.pid ] | unique | length)' > /dev/null
[ "$("$tool" report --by=module --format=jsonl trace.dat | jq -r .type | sort -u | tr '\n' ' ')" = \
	"failure group holder operation report victim " ]
"$tool" report trace.dat | grep -q '^  failures    named    blocked  task'

rc=0
"$tool" report --by=color trace.dat 2> err || rc=$?
[ "$rc" -eq 2 ] && grep -q '^page_pinner: --by: not one of holder, function, module, task: color$' err
