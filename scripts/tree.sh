#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Makes build/src/linux-K-NAME: a copy of the pristine tree that shares its
# files by hard links, for the overlay to be applied to.  Whoever changes a
# file of a copy must write a new one and rename it, as apply.sh does.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] PRISTINE COPY"
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 2 ] || { usage >&2; exit 2; }

if cmp -s "$1/.unpacked" "$2/.unpacked"; then
	exit 0
fi
rm -rf "$2" "$2.new"
cp -al "$1" "$2.new"
mv "$2.new" "$2"
