# SPDX-License-Identifier: GPL-2.0
# description: json, jsonl, csv and folded tell the same, each in its own form
set -eu
xz -dc "$data/forms/trace.dat.xz" > trace.dat

"$tool" report --format=json trace.dat > json
"$tool" report --format=jsonl trace.dat > jsonl
"$tool" report --format=csv trace.dat > csv
"$tool" report --format=folded trace.dat > folded

# each line of jsonl is an object that says what it is
jq -es '.[0].type == "report" and .[0].schema == "page_pinner.report/1"' jsonl > /dev/null
jq -c '.failures[]' json > want
jq -c 'select(.type == "failure") | del(.type)' jsonl > got
cmp want got
jq -c '.holders[]' json > want
jq -c 'select(.type == "holder") | del(.type)' jsonl > got
cmp want got
jq -c '.counts, .noise, .trace' json > want
jq -c 'select(.type == "report") | .counts, .noise, .trace' jsonl > got
cmp want got

jq -r '.holders[] | [.rank, .failures, .pages, .refs, .release.function,
	(.tasks[0] | "\(.comm)/\(.pid)")] | join(",")' json > want
"$tool" report --format=csv -F rank,failures,pages,refs,function,task trace.dat |
	sed 1d > got
cmp want got
[ "$(head -n 1 csv | tr ',' '\n' | wc -l)" -eq "$(sed -n 2p csv | tr ',' '\n' | wc -l)" ]
"$tool" report -x '::' -F rank,by trace.dat | sed -n 2p | grep -q '^1::released by vmsplice_hold/'
"$tool" report -F function,rank trace.dat | grep -q '^  function  *#$'

jq -r '.holders[] | ([.tasks[0].comm] + (.release.stack | reverse) | join(";")) +
	" \(.refs)"' json > want
cmp want folded
