#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Puts the table of the last "make scenarios" into README.md and
# Documentation/mm/page_pinner.rst, between the marks that are there.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] TABLE README DOCUMENTATION"
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 3 ] || { usage >&2; exit 2; }
table=$1
kernel=$(basename "$(dirname "$table")")

# place FILE TEXT: between the lines with "scenarios: begin" and "... end"
place()
{
	grep -q 'scenarios: begin' "$1" && grep -q 'scenarios: end' "$1" || {
		echo "scenario_table.sh: $1: no place for the table" >&2
		exit 1
	}
	awk -v text="$2" '
		/scenarios: end/ { inside = 0 }
		!inside { print }
		/scenarios: begin/ {
			inside = 1
			print ""
			while ((getline line < text) > 0)
				print line
			print ""
		}
	' "$1" > "$1.new"
	mv "$1.new" "$1"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rows=$(($(wc -l < "$table") - 2))
[ "$rows" -gt 0 ] || { echo "scenario_table.sh: $table: empty" >&2; exit 1; }
right=$(grep -c '| yes |$' "$table" || :)
{
	echo "Linux $kernel: $right of $rows right."
	echo
	cat "$table"
} > "$work/md"
{
	echo ".. csv-table:: Linux $kernel: $right of $rows right"
	echo "   :header: Scenario, Trigger, Truth, Verdict, Confidence, Right"
	echo
	sed '1,2d; s/"/""/g; s/^| */   "/; s/ *|$/"/; s/ *| */", "/g' "$table"
} > "$work/rst"
place "$2" "$work/md"
place "$3" "$work/rst"
