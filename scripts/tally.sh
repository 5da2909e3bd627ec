#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Counts the results in a TAP or KTAP stream, or in several behind each other.
# A plan that is not fulfilled, or no plan at all, counts as a failure: what
# did not run has not passed.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [FILE]"
	echo "Print: PASSED FAILED SKIPPED."
}

[ "${1-}" != -h ] || { usage; exit 0; }

awk '
	function close_plan() {
		if (planned >= 0 && seen < planned)
			failed += planned - seen
		planned = -1
		seen = 0
	}
	BEGIN { planned = -1 }
	{ sub(/\r$/, "") }
	/^1\.\.[0-9]+/ {
		# A plan may stand before its results or behind them.
		if (planned < 0 && seen > 0) {
			planned = substr($1, 4) + 0
			close_plan()
		} else {
			close_plan()
			planned = substr($1, 4) + 0
		}
		plans++
		next
	}
	/^not ok/ { seen++; failed++ }
	/^ok/ {
		seen++
		if ($0 ~ /# *(SKIP|skip)/)
			skipped++
		else
			passed++
	}
	END {
		if (planned < 0 && seen > 0)
			failed++
		close_plan()
		if (!plans)
			failed++
		print passed + 0, failed + 0, skipped + 0
	}
' "$@"
