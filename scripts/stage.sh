#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs one long command with its output in a log.  On a terminal a line that
# renews itself shows how long it has run and what it does; in a pipe there is
# one line when it ends.  When the command fails the end of its log is shown.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] TITLE LOG COMMAND [ARGUMENT...]"
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -ge 3 ] || { usage >&2; exit 2; }

title=$1
log=$2
shift 2

mkdir -p "$(dirname "$log")"
begin=$(date +%s)

"$@" > "$log" 2>&1 < /dev/null &
child=$!
trap 'kill "$child" 2>/dev/null || :; exit 1' HUP INT TERM

if [ -t 2 ]; then
	while kill -0 "$child" 2>/dev/null; do
		now=$(($(date +%s) - begin))
		last=$(tail -c 400 "$log" 2>/dev/null | tail -n 1 |
		       tr -cd '[:print:]' | cut -c 1-48)
		printf '\r\033[K  %-26s %4d s  %s' "$title" "$now" "$last" >&2
		sleep 0.5
	done
	printf '\r\033[K' >&2
fi

rc=0
wait "$child" || rc=$?
now=$(($(date +%s) - begin))
if [ "$rc" -eq 0 ]; then
	printf '  %-26s %4d s\n' "$title" "$now" >&2
	exit 0
fi
printf '  %-26s %4d s  FAILED, end of %s:\n' "$title" "$now" "$log" >&2
tail -n 25 "$log" | sed 's/^/    /' >&2
exit "$rc"
