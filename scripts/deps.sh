#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Installs the Debian packages that the build, the guest and the tests need.
# Asks the package system only when one is missing.

set -eu
export LC_ALL=C

packages="
	gcc libc6-dev make patch diffutils bison flex bc cpio kmod rsync
	xz-utils libelf-dev libssl-dev libzstd-dev ccache pkg-config jq sparse perl
	git linux-source-6.12 qemu-system-x86 busybox-static trace-cmd linux-perf
	libtracecmd-dev libtracefs-dev libtraceevent-dev zlib1g-dev liblzma-dev libbz2-dev
	libdw-dev zstd bzip2 libcmocka-dev valgrind groff-base python3-jsonschema python3-drgn
"

clang="clang-19 lld-19 llvm-19"
# What only a test or two need, and is large.
tests="bpftrace"

usage()
{
	echo "usage: $0 [-h] [-l] [FLAVOR]"
	echo "Install the packages that are missing.  -l: only list them."
	echo "FLAVOR: of the guest kernel; clang needs a compiler of its own.  \"tests\" has"
	echo "what only make check needs."
}

missing()
{
	for package in $packages; do
		status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || :)
		case $status in
		*" installed") ;;
		*) echo "$package" ;;
		esac
	done
}

command -v dpkg-query > /dev/null || {
	echo "deps.sh: this is no Debian; the packages are called there:" \
		$packages >&2
	exit 1
}

only_list=
while getopts hl option; do
	case $option in
	h) usage; exit 0 ;;
	l) only_list=yes ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
case ${1-} in
clang) packages="$packages $clang" ;;
tests) packages="$packages $tests" ;;
esac

list=$(missing)
if [ -n "$only_list" ]; then
	[ -z "$list" ] || echo "$list"
	exit 0
fi
[ -n "$list" ] || exit 0

sudo=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo > /dev/null || {
		echo "deps.sh: run as root: apt-get install" $list >&2
		exit 1
	}
	sudo=sudo
fi

export DEBIAN_FRONTEND=noninteractive
here=$(cd "$(dirname "$0")" && pwd)
log=$here/../build/log
echo "  packages:" $list >&2
"$here/stage.sh" "package lists" "$log/apt-update.log" \
	$sudo apt-get -q update
# shellcheck disable=SC2086
"$here/stage.sh" "package installation" "$log/apt-install.log" \
	$sudo env DEBIAN_FRONTEND=noninteractive \
	apt-get -q -y --no-install-recommends install $list
