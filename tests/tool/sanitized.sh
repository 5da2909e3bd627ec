#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The program's tests once more, with a program that has the sanitizers in it.
# Leaks are not looked for: the libraries leak on damaged input.  The unit
# tests look for them.

set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-fsanitize=address,undefined -fno-sanitize-recover=all"

if ! make -s -C "$here/../../tools/page_pinner" O="$work" \
		CFLAGS="-O1 -g $flags" LDFLAGS="$flags" > "$work/log" 2>&1; then
	echo "1..1"
	sed 's/^/# /' "$work/log"
	echo "not ok 1 - the program does not build with sanitizers"
	exit 1
fi
export SANITIZED=1 PAGE_PINNER="$work/page_pinner"
export ASAN_OPTIONS=detect_leaks=0:exitcode=99 UBSAN_OPTIONS=exitcode=99
sh "$here/run.sh" | sed 's/^\(\(not \)\{0,1\}ok [0-9]* - .*\)$/\1, sanitized/'
