#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Unpacks the kernel source that Debian packages as linux-source-K into a
# directory.  The directory appears under its name only when it is complete.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] VERSION DIRECTORY"
	echo "Unpack /usr/src/linux-source-VERSION.tar.xz as DIRECTORY."
	echo "LINUX_SOURCE names another archive."
}

die()
{
	echo "unpack.sh: $*" >&2
	exit 1
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 2 ] || { usage >&2; exit 2; }

version=$1
dir=$2
archive=${LINUX_SOURCE:-/usr/src/linux-source-$version.tar.xz}
stamp=$dir/.unpacked

[ -r "$archive" ] ||
	die "$archive: not there; install the package linux-source-$version"

# The archive's size and time stand for its content.
want=$(stat -c '%s %Y' "$archive")
if [ -r "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
	exit 0
fi

parent=$(dirname "$dir")
mkdir -p "$parent"
tmp=$(mktemp -d "$parent/.unpack.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

tar -C "$tmp" --strip-components=1 -xf "$archive" ||
	die "$archive: cannot be unpacked"
[ -f "$tmp/Makefile" ] || die "$archive: holds no kernel tree"
chmod 755 "$tmp"
echo "$want" > "$tmp/.unpacked"
rm -rf "$dir"
mv "$tmp" "$dir"
