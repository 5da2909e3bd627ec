#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Builds the kernel modules that only tests use, tests/guest/module/*.c and
# lib/test_hmm, against a guest kernel.  The sources are copied, so that one checkout serves
# several kernels.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [-a ARCH] TREE NAME DIRECTORY"
	echo "Build the modules for the kernel TREE/NAME in DIRECTORY."
}

arch=x86_64
while getopts ha: option; do
	case $option in
	h) usage; exit 0 ;;
	a) arch=$OPTARG ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 3 ] || { usage >&2; exit 2; }
case $arch in
arm64) cross=aarch64-linux-gnu- ;;
*) cross= ;;
esac

here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$1" && pwd)
name=$2
mkdir -p "$3"
dir=$(cd "$3" && pwd)

ls "$here"/module/*.c > /dev/null 2>&1 || exit 0

key=$(cat "$tree/$name/.built" "$here"/module/* 2>/dev/null | sha256sum)
if [ -r "$dir/.built" ] && [ "$(cat "$dir/.built")" = "$key" ]; then
	exit 0
fi
rm -rf "$dir"
mkdir -p "$dir"
cp "$here"/module/* "$dir/"
if ! [ -f "$dir/Kbuild" ]; then
	for source in "$dir"/*.c; do
		echo "obj-m += $(basename "$source" .c).o"
	done > "$dir/Kbuild"
fi

tools=$(cat "$tree/$name/.tools" 2>/dev/null || :)
"$here/../../scripts/stage.sh" "test modules" "$dir/build.log" \
	make -C "$tree" "O=$name" "ARCH=$arch" "CROSS_COMPILE=$cross" \
	${tools:+"$tools"} "M=$dir" modules
# the kernel's own module for memory of a device
"$here/../../scripts/stage.sh" "lib/test_hmm" "$dir/test_hmm.log" \
	make -C "$tree" "O=$name" "ARCH=$arch" "CROSS_COMPILE=$cross" \
	${tools:+"$tools"} lib/test_hmm.ko
cp "$tree/$name/lib/test_hmm.ko" "$dir/"
echo "$key" > "$dir/.built"
