#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs test suites of the tool that print TAP, each with a plan, and counts:
# "N passed, N failed, N skipped".  A result that is missing has failed.

set -eu
export LC_ALL=C

total_passed=0
total_failed=0
total_skipped=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

for suite in "$@"; do
	rc=0
	sh "$suite" > "$out" || rc=$?
	cat "$out"
	read -r planned passed failed skipped <<-END
	$(awk '/^1\.\.[0-9]+/ { sub(/^1\.\./, ""); planned += $1 }
	       /^ok .*# *SKIP/ { skipped++; next }
	       /^ok / { passed++ }
	       /^not ok / { failed++ }
	       END { print planned + 0, passed + 0, failed + 0, skipped + 0 }' "$out")
	END
	missing=$((planned - passed - failed - skipped))
	if [ "$missing" -ne 0 ] || [ "$planned" -eq 0 ] ||
	   { [ "$rc" -ne 0 ] && [ "$failed" -eq 0 ]; }; then
		echo "# $suite: $planned planned, $missing missing, exit $rc"
		failed=$((failed + 1))
	fi
	total_passed=$((total_passed + passed))
	total_failed=$((total_failed + failed))
	total_skipped=$((total_skipped + skipped))
done
echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
[ "$total_failed" -eq 0 ]
