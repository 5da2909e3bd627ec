#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Puts what the commands of a document printed in the guest under them, in the
# place of what stands there.  See tests/guest/document.sh.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] DOCUMENT RESULTS"
	echo "RESULTS is what the test that runs DOCUMENT left, such as"
	echo "build/guest-test/NAME/results/tutorial."
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 2 ] || { usage >&2; exit 2; }

tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
awk -v results="$2" '
	function sample(line,    name, text, got, blank) {
		name = results "/" line ".out"
		while ((got = (getline text < name)) > 0) {
			sub(/[ \t]+$/, "", text)
			if (text ~ /^[#>] /) {
				print "line " line ": looks like a command: " text > "/dev/stderr"
				failed = 1
			}
			# blank lines within, none at the end
			if (text == "") {
				blank++
				continue
			}
			for (; blank > 0; blank--)
				print ""
			print "\t" text
		}
		blank = 0
		close(name)
		if (got < 0) {
			print name ": cannot be read" > "/dev/stderr"
			failed = 1
			exit 1
		}
	}
	function finish() {
		if (command)
			sample(command)
		command = 0
	}
	/^\t# / { finish(); print; command = NR; asked = 1; next }
	/^\t> / && asked { print; next }
	{ asked = 0 }
	/^\t/ && command { next }
	/^$/ && command { next }
	command { finish(); print "" }
	{ print }
	END { finish(); exit failed }' "$1" > "$tmp"
if cmp -s "$tmp" "$1"; then
	exit 0
fi
cat "$tmp" > "$1"
