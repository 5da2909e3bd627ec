#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Puts the report of the last demo into README.md, so that the sample there is
# true output.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] REPORT README"
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 2 ] || { usage >&2; exit 2; }

awk -v report="$1" '
	/^<!-- report: end/ { inside = 0 }
	!inside { print }
	/^<!-- report: begin/ {
		inside = 1
		print ""
		while ((getline line < report) > 0) {
			sub(/[ \t]+$/, "", line)
			print line == "" ? "" : "    " line
		}
		print ""
	}
' "$2" > "$2.new"
mv "$2.new" "$2"
