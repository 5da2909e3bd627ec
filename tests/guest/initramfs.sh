#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Makes the guest's initial file system: busybox, trace-cmd with its
# libraries, PID 1, the load programs, the tests.  Nothing of it is fetched:
# all comes from this machine's packages and this directory.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [-m MODULE_DIRECTORY] IMAGE"
	echo "Write the guest's initial file system to IMAGE.  Kernel modules"
	echo "(*.ko) of MODULE_DIRECTORY go to /lib/modules."
}

die()
{
	echo "initramfs.sh: $*" >&2
	exit 1
}

modules=
while getopts hm: option; do
	case $option in
	h) usage; exit 0 ;;
	m) modules=$OPTARG ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || { usage >&2; exit 2; }
image=$1
here=$(cd "$(dirname "$0")" && pwd)
cc=${CC:-gcc}

# Programs of the machine that the guest has as well.  Tests that need more say
# so, see run_all.sh.
programs=${GUEST_PROGRAMS-trace-cmd}
mkdir -p "$(dirname "$image")"

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
trap 'exit 1' HUP INT TERM

mkdir -p "$root/bin" "$root/sbin" "$root/dev" "$root/etc" "$root/tests" \
	"$root/lib/page_pinner" "$root/lib/modules" "$root/usr"
ln -s ../bin "$root/usr/bin"
ln -s ../sbin "$root/usr/sbin"
ln -s ../lib "$root/usr/lib"
echo 'root:x:0:0:root:/:/bin/sh' > "$root/etc/passwd"
echo 'root:x:0:' > "$root/etc/group"

busybox=$(command -v busybox) || die "busybox: not installed"
if ldd "$busybox" > /dev/null 2>&1; then
	die "$busybox: not the static one; install busybox-static"
fi
cp -L "$busybox" "$root/bin/busybox"
for applet in $("$busybox" --list); do
	[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done

# shellcheck disable=SC2086
"$here/programs.sh" "$root" $programs

flags="-O2 -Wall -Wextra -Wshadow -D_GNU_SOURCE -static -pthread"
# shellcheck disable=SC2086
$cc $flags -o "$root/init" "$here/init.c"
for source in "$here"/load/*.c "$here"/scenarios/*.c; do
	[ -f "$source" ] || continue
	# shellcheck disable=SC2086
	$cc $flags -I"$here/load" \
		-o "$root/bin/$(basename "$source" .c)" "$source"
done
# A directory of sources is one program.
for dir in "$here"/load/*/; do
	[ -d "$dir" ] || continue
	# shellcheck disable=SC2086
	$cc $flags -I"$here/load" -o "$root/bin/$(basename "$dir")" "$dir"*.c
done

cp "$here/lib.sh" "$here/document.sh" "$here/run_test" "$here/before_tests" "$here/after_test" \
	"$root/lib/page_pinner/"
chmod 755 "$root/lib/page_pinner/"*
for test in "$here"/test.d/*.tc "$here"/scenarios/*.tc "$here"/../bench/*.tc; do
	[ -f "$test" ] || continue
	cp "$test" "$root/tests/"
done
# Whose kernel it is, by the name of the modules: of its flavor are the samples.
echo "${modules##*/}" > "$root/lib/page_pinner/kernel"
# What tests run the commands of.
cp "$here/../../Documentation/mm/page_pinner.rst" \
	"$here/../../tools/page_pinner/tutorial.rst" "$root/tests/"
if [ -n "$modules" ]; then
	for module in "$modules"/*.ko; do
		[ ! -f "$module" ] || cp "$module" "$root/lib/modules/"
	done
fi

# The times of the files do not matter; the image should depend on nothing
# but their content.
find "$root" -exec touch -h -d @0 {} +
(cd "$root" && find . | sort | cpio --quiet -o -H newc -R 0:0) |
	gzip -1n > "$image.tmp"
mv "$image.tmp" "$image"
