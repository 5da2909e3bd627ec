#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Verifies that every option which the fragments request survived Kconfig:
# one whose dependencies are missing is dropped there without a word.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] CONFIG FRAGMENT..."
	echo "Compare what the fragments request with what CONFIG has."
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -ge 2 ] || { usage >&2; exit 2; }

# The last fragment to name an option has the last word.
awk '
	FNR == 1 { file++ }
	/^CONFIG_[A-Z0-9_]+=/ {
		name = substr($0, 1, index($0, "=") - 1)
		value = substr($0, index($0, "=") + 1)
		if (file == 1)
			has[name] = value
		else
			want[name] = value
	}
	END {
		for (name in want) {
			got = name in has ? has[name] : "n"
			if (got != want[name]) {
				printf "%s: %s=%s requested, %s found\n",
					config, name, want[name], got
				bad = 1
			}
		}
		exit bad
	}
' config="$1" "$@" >&2
