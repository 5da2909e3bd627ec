#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Builds and boots each patch of "make series" by itself, in their order, and
# says what each adds to the text of the kernel.  Prints TAP.  It takes about
# an hour, so it is not part of make check.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [VERSION] [PRISTINE] [DIRECTORY]"
	echo "VERSION is 6.12, PRISTINE its unpacked sources in build/src."
	echo "Needs the guest's initramfs: make initramfs."
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -le 3 ] || { usage >&2; exit 2; }
repo=$(cd "$(dirname "$0")/.." && pwd)
version=${1-6.12}
pristine=${2-$repo/build/src/linux-$version}
mkdir -p "${3-$repo/build/series}"
out=$(cd "${3-$repo/build/series}" && pwd)
tree=$pristine-series
name="out-x86_64-release"
guest=$repo/tests/guest
initramfs=${INITRAMFS-$repo/build/guest/initramfs-$version-x86_64-release.gz}

[ -r "$initramfs" ] || {
	echo "page_pinner: $initramfs: not there; make initramfs" >&2
	exit 1
}
rm -rf "$out/mails"
"$repo/scripts/series.sh" "$version" "$pristine" "$out/mails"
set -- "$out/mails"/*.patch

# A tree of its own, but the objects of the last run.
if [ -d "$tree/$name" ]; then
	mv "$tree/$name" "$pristine-series.objects"
fi
rm -rf "$tree"
"$repo/scripts/tree.sh" "$pristine" "$tree"
if [ -d "$pristine-series.objects" ]; then
	mv "$pristine-series.objects" "$tree/$name"
fi

# Of what we ask for, what can be selected so far.
options()
{
	while IFS= read -r line; do
		option=${line%%=*}
		case $line in
		CONFIG_*) grep -q "^config ${option#CONFIG_}\$" \
			"$tree/mm/Kconfig.debug" && echo "$line" ;;
		esac
	done < "$guest/pinner.config"
}

text_of()
{
	size "$tree/$name/vmlinux" | awk 'NR == 2 { print $1 }'
}

# Prints why a patch is bad; nothing if it is not.
try()
{
	# $1: patch, $2: directory
	patch -d "$tree" -p1 -F0 -f -s --no-backup-if-mismatch < "$1" \
			> "$2/patch.log" 2>&1 || {
		echo "it does not apply"
		return
	}
	cat "$1" >> "$tree/.page_pinner-manifest"
	options > "$2/pinner.config" || :
	"$repo/scripts/stage.sh" "series: $(basename "$1" .patch)" "$2/build.log" \
		"$repo/scripts/kernel.sh" "$tree" "$name" \
		"$guest/kernel.config" "$2/pinner.config" >&2 || {
		echo "it does not build"
		return
	}
	if grep -n 'warning:' "$2/build.log" > "$2/warnings"; then
		echo "it builds with warnings"
	fi
	test=guest_boots
	! grep -q KUNIT "$2/pinner.config" || test="guest_boots kernel_kunit"
	# shellcheck disable=SC2086
	"$guest/run_all.sh" -k "$tree/$name/arch/x86/boot/bzImage" \
		-i "$initramfs" -o "$2/guest" $test > "$2/guest.tap" ||
		echo "it does not boot"
}

echo "1..$#"
number=0
bad=0
before=
for patch in "$@"; do
	number=$((number + 1))
	dir=$out/$(basename "$patch" .patch)
	mkdir -p "$dir"
	why=$(try "$patch" "$dir")
	text=$(text_of 2> /dev/null || echo 0)
	if [ -z "$why" ]; then
		echo "ok $number $(basename "$patch" .patch)"
	else
		echo "not ok $number $(basename "$patch" .patch)"
		echo "$why" | sed 's/^/# /'
		bad=1
	fi
	echo "# text: $text${before:+, $((text - before)) more}"
	before=$text
done
exit "$bad"
