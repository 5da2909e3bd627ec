#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What measuring the post-processor takes: programs of this directory, and the
# small recording that corpus makes large ones of, as it is and uncompressed.

set -eu
export LC_ALL=C

[ $# -ge 1 ] || { echo "usage: $0 DIRECTORY PROGRAM..." >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
dir=$1
shift
libs=$(pkg-config --cflags --libs libtracecmd libtracefs libtraceevent)
for program in "$@"; do
	# shellcheck disable=SC2086
	${CC:-cc} -O2 -o "$dir/$program" "$here/$program.c" $libs
done
xz -dc "$here/../tool/forms/trace.dat.xz" > "$dir/small.dat"
trace-cmd convert -i "$dir/small.dat" -o "$dir/small6.dat" --file-version 6 \
	--compression none > /dev/null 2>&1
