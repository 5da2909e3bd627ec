#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Builds a kernel for the guest: tree, configuration fragments, image.
#
# The output directory is a direct child of the tree.  kbuild then names all
# sources relative to it, and ccache finds the objects of any other clone.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [-a ARCH] [-g OBJECTS] [-l LLVM] TREE NAME FRAGMENT..."
	echo "Build TREE/NAME from the configuration fragments, in that order."
	echo "-g: with debug information of these object files alone, such as 'slub mmap'."
	echo "-l: with clang and LLVM's tools; kbuild's LLVM=, such as 1 or -19."
	echo "TARGETS overrides the make targets, JOBS the number of jobs."
}

die()
{
	echo "kernel.sh: $*" >&2
	exit 1
}

arch=x86_64
llvm=
debug=
while getopts ha:g:l: option; do
	case $option in
	h) usage; exit 0 ;;
	a) arch=$OPTARG ;;
	g) debug=$OPTARG ;;
	l) llvm=$OPTARG ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 3 ] || { usage >&2; exit 2; }

here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$1" && pwd)
name=$2
shift 2
out=$tree/$name

case $arch in
x86_64) image=arch/x86/boot/bzImage cross='' targets="bzImage modules" ;;
arm64) image=arch/arm64/boot/Image cross=aarch64-linux-gnu- targets="Image modules" ;;
*) die "$arch: not a supported architecture" ;;
esac
targets=${TARGETS-$targets}
# kbuild's flags of single files; all of the others stay as they are, and cached
for object in $debug; do
	targets="$targets CFLAGS_$object.o=-g"
done

cc=${cross}gcc
[ -z "$llvm" ] || cc=clang${llvm#1}
command -v "$cc" > /dev/null || die "$cc: not installed; scripts/deps.sh knows what to install"

# What the build depends on: the tree's sources by the stamp of the unpacked
# archive and the manifest of what was put on top, the configuration, and how
# it is built.
mkdir -p "$out"
key_of()
{
	{
		cat "$tree/.unpacked" "$@" "$here/kernel.sh" 2>/dev/null || :
		# documents are not built
		grep -v " Documentation/" "$tree/.page_pinner-manifest" 2>/dev/null || :
		echo "$targets"
		"$cc" --version | head -n 1
	} | sha256sum
}
up_to_date()
{
	[ -r "$out/.built" ] && [ "$(cat "$out/.built")" = "$(key_of "$@")" ]
}
! up_to_date "$@" || exit 0

# Two builds at a time would only take turns on the processors; the other one
# may also have been for the same kernel.
lock=${KERNEL_LOCK:-/tmp/kernel-build.lock}
if [ -e "$lock" ] && ! [ -w "$lock" ]; then
	lock=$out/.lock
fi
exec 9>> "$lock"
flock 9
! up_to_date "$@" || exit 0
# What changes while it builds is for the next build to find.
key=$(key_of "$@")
rm -f "$out/.built"

ccache=
if command -v ccache > /dev/null; then
	ccache='ccache '
	export CCACHE_NOHASHDIR=1
	export CCACHE_BASEDIR="$tree"
fi
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970'
export KBUILD_BUILD_USER=page_pinner
export KBUILD_BUILD_HOST=guest
export KCONFIG_NOSILENTUPDATE=

kmake()
{
	make -C "$tree" "O=$name" "ARCH=$arch" "CROSS_COMPILE=$cross" \
		${llvm:+"LLVM=$llvm"} "CC=$ccache$cc" "HOSTCC=${ccache}gcc" \
		-j"${JOBS:-$(nproc)}" "$@"
}

# What builds modules for this kernel has to use the same tools.
echo "${llvm:+LLVM=$llvm}" > "$out/.tools"

cat "$@" > "$out/.requested"
kmake "KCONFIG_ALLCONFIG=$out/.requested" allnoconfig
"$here/../tests/guest/check_config.sh" "$out/.config" "$@" ||
	die "the options above did not survive Kconfig"
# shellcheck disable=SC2086
kmake $targets
case " $targets " in
*Image*) [ -s "$out/$image" ] || die "$out/$image: not built" ;;
esac
echo "$key" > "$out/.built"
