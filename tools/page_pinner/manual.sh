#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Prints the manual page with what the program and its schema say put between
# the marks: the options, the members of JSON, a report.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] PROGRAM"
	echo "Print page_pinner.1 with its marked parts made anew."
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 1 ] || { usage >&2; exit 2; }

here=$(cd "$(dirname "$0")" && pwd)
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for command in report record holders; do
	"$program" --manual "$command" > "$work/options of $command"
done

"$program" --manual classes | sed 's/\\/\\e/g; s/-/\\-/g' |
	awk -F '\t' '{ printf ".TP\n.B %s\n%s.\n", $1, $2 }' > "$work/classes"

# An object a paragraph: its name, what it is, and its members.
jq -r '
	def words: gsub("\\\\"; "\\e") | gsub("-"; "\\-");
	def said: [.description, ((.enum // .anyOf[0].enum) | if . then join(", ") else null end)] | map(values) |
		if . == [] then "" else " (" + (join(": ") | words) + ")" end;
	def members($defs): .properties | to_entries | map(
		(.value | if ."$ref" then $defs[."$ref" | ltrimstr("#/$defs/")] + . else . end) as $v |
		"\\fI\(.key)\\fR" + ($v | said)) | join(",\n") + ".";
	def paragraph($name; $defs):
		".TP\n.B \($name)\n" +
		(if .description then (.description | words) + ":\n" else "" end) +
		members($defs);
	def inner: if .oneOf then .oneOf[1] + {description} else . end;
	."$defs" as $defs |
	(del(.description) | paragraph("the document"; $defs)),
	($defs | to_entries[] |
		select(.key != "line" and .key != "report_line") |
		.key as $key | (.value | inner) |
		select(.properties) | . as $object |
		paragraph($key; $defs),
		($object.properties | to_entries[] |
			(.value | if .items then .items else . end | inner) as $v |
			select($v.properties) | .key as $member |
			($v | del(.description) | paragraph("\($key).\($member)"; $defs))))
' "$here/report.schema.json" > "$work/members of json"

# A report that the tests see, too.
xz -dc "$here/../../tests/tool/forms/trace.dat.xz" > "$work/trace.dat"
(cd "$work" && COLUMNS=74 "$program" report --color=never --reason=alloc_contig trace.dat) |
	sed 's/\\/\\e/g; s/-/\\-/g; s/^\./\\\&./' > "$work/sample"

awk -v work="$work" '
	/^\.\\" end/ { inside = 0 }
	!inside { print }
	/^\.\\" begin / {
		inside = 1
		name = work "/" substr($0, index($0, "begin ") + 6)
		while ((got = (getline line < name)) > 0)
			print line
		if (got < 0) {
			print name ": cannot be read" > "/dev/stderr"
			exit 1
		}
	}
' "$here/page_pinner.1"
