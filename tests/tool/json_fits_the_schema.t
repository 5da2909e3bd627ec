# SPDX-License-Identifier: GPL-2.0
# description: each JSON output of each recording is what report.schema.json says, no
# member more; and the schema has the words of the program
set -eu
schema=$data/../../tools/page_pinner/report.schema.json
python3 -c 'import jsonschema' 2> /dev/null || { echo "no python3-jsonschema"; exit 4; }

# Users may meet members that came later; here each has to be in the schema.
jq 'walk(if type == "object" and has("properties") and (has("allOf") | not) then
		.additionalProperties = false else . end) |
	."$defs" |= with_entries(if .value.properties and (.value.type == "object")
		then .value.properties.type = {} else . end)' "$schema" > strict.json
cat > validate.py <<'END'
import json, sys
from jsonschema import Draft202012Validator

schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
line = {"$defs": schema["$defs"], "$ref": "#/$defs/line"}
bad = 0
for name in sys.argv[2:]:
    with open(name) as f:
        if name.endswith(".jsonl"):
            pairs = [(line, json.loads(text)) for text in f]
        else:
            pairs = [(schema, json.load(f))]
    assert pairs
    for against, document in pairs:
        for error in Draft202012Validator(against).iter_errors(document):
            bad += 1
            print(name, list(error.absolute_path), error.message[:200])
print(len(sys.argv) - 2, "documents,", bad, "errors")
sys.exit(bad != 0)
END

n=0
report()
{
	n=$((n + 1))
	"$tool" report --format=json "$@" > "$n.json"
	"$tool" report --format=jsonl "$@" > "$n.jsonl"
}
for form in trace.dat perf.data trace.txt tracecmd.txt perf.txt; do
	xz -dc "$data/forms/$form.xz" > "$form"
	report --kallsyms="$data/forms/kallsyms" "$form"
done
for by in function module task; do
	report --by="$by" trace.dat
done
report --max-stack=1 --reason=alloc_contig trace.dat
report --pid=1 trace.dat
# held for ever, without a stack, by somebody without a name
cat > held.txt <<'END'
# tracer: nop
        offline-100   [000] .....  10.000001: page_pinner_fail_memory_hotplug: pfn=0x1200 order=0 refcount=1026 expected=2 mapcount=1 pincount=0 reason=memory_hotplug kind=extra_ref id=7 marked=new repeats=0 nid=0 mt=movable flags=0x0
        offline-100   [000] .....  12.000001: page_pinner_fail_memory_hotplug: pfn=0x1200 order=0 refcount=1026 expected=2 mapcount=1 pincount=0 reason=memory_hotplug kind=extra_ref id=7 marked=again repeats=1 nid=0 mt=movable flags=0x0
END
report held.txt
# what is held now
. "$data/holders_lib.sh"
for input in table log "$data/forms/holders.dmesg"; do
	n=$((n + 1))
	"$tool" holders --format=json "$input" > "$n.json"
	"$tool" holders --format=jsonl --by=task "$input" > "$n.jsonl"
done
n=$((n + 1))
"$tool" holders --format=json --pid=40 --by=module table > "$n.json"
"$tool" holders --format=jsonl --comm=nobody table > "$n.jsonl"
[ "$(ls ./*.json ./*.jsonl | wc -l)" -ge 31 ]
# shellcheck disable=SC2046
python3 validate.py strict.json $(ls [0-9]*.json [0-9]*.jsonl)

# it is a schema that refuses
jq '.failures[0].verdict = "guilty"' 1.json > 101.json
jq 'del(.failures[0].account)' 1.json > 102.json
jq '.failures[0].holders[0].confidence = 1.5' 1.json > 103.json
jq '.extra = 1' 1.json > 104.json
jq '.folios[0].gets[0].sure = "yes"' "$n.json" > 105.json
jq 'del(.folios[0].refcount)' "$n.json" > 106.json
for bad in 101 102 103 104 105 106; do
	! python3 validate.py strict.json "$bad.json" > log || { echo "$bad passes"; exit 1; }
done
# but not what came later
python3 validate.py "$schema" 104.json > log

# the words are the program's
"$tool" --complete report --reason= | sed 's/.*=//' > want
jq -r '."$defs".reason.anyOf[0].enum[]' "$schema" | grep -vx 'none\|watch' > got
cmp want got
sed -n '/verdict_names\[NR/,/};/s/.*"\(.*\)".*/\1/p' "$data/../../tools/page_pinner/judge/findings.c" |
	sort > want
jq -r '."$defs".verdict.enum[]' "$schema" | sort > got
cmp want got
sed -n '/kind_names\[/,/};/s/.*"\(.*\)".*/\1/p' "$data/../../tools/page_pinner/trace/event_names.c" |
	sort > want
jq -r '."$defs".kind.anyOf[0].enum[]' "$schema" | sort > got
cmp want got

# each account adds up, each share is one, each number is there
for file in [0-9].json 1[0-9].json; do
	jq -e 'all(.failures[]; ([.account[].refs] | add // 0) == .refcount and
			([.holders[] | .refs * .confidence] | add // 0) <= ([.unexpected, 1] | max)) and
		([.operations[].failures[]] - [.failures[].number] == []) and
		([.failures[].number] - [.operations[].failures[]] == [])' "$file" > log ||
		{ echo "$file does not add up"; exit 1; }
done
