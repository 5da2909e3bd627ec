#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Copies programs of this machine, with the libraries that they are linked to,
# to where a guest looks for them.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] DIRECTORY PROGRAM|FILE..."
	echo "Copy each PROGRAM to DIRECTORY/bin and its libraries to their places below"
	echo "DIRECTORY.  page_pinner is that of this tree, made if need be; a FILE with a"
	echo "slash in its name goes to its own place there."
}

die()
{
	echo "programs.sh: $*" >&2
	exit 1
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -ge 1 ] || { usage >&2; exit 2; }
root=$1
shift
tools=$(cd "$(dirname "$0")/../../tools/page_pinner" && pwd)
mkdir -p "$root/bin"

# take FILE: to the same place below the directory, the link's target as a file
take()
{
	[ ! -e "$root$1" ] || return 0
	mkdir -p "$root$(dirname "$1")"
	cp -L "$1" "$root$1"
}

for name in "$@"; do
	case $name in
	*/*)
		path=$name
		take "$path"
		;;
	page_pinner)
		make -s -C "$tools" >&2
		path=$tools/page_pinner
		;;
	*)
		path=$(command -v "$name") || die "$name: not installed"
		;;
	esac
	if [ "$name" = "${name##*/}" ]; then
		rm -f "$root/bin/$name"
		cp -L "$path" "$root/bin/$name"
	fi
	# "lib => /path (0x...)" and "/path/ld.so (0x...)"
	ldd "$path" | sed -n 's/.*[ \t]\(\/[^ ]*\) (0x.*/\1/p' |
	while IFS= read -r lib; do
		take "$lib"
	done
	# it compiles programs that include this
	if [ "$name" = bpftrace ]; then
		for header in $(echo '#include <linux/types.h>' | ${CC:-gcc} -E -M - |
				tr -d '\\' | tr ' ' '\n' | grep '^/'); do
			take "$header"
		done
	fi
done
