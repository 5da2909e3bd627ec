#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Tests the tests: each patch of busted/ breaks one guarantee on purpose, and
# the tests that it names must notice.  Prints TAP, one result per patch.
#
# A patch of mm/ makes another kernel; one of tools/ another post-processor,
# which then reads the recording of the demo.  The lines before the patch:
#	breaks: which guarantee
#	caught by: names of guest tests, each of which must fail (or: demo)

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] PRISTINE INITRAMFS DEMO DIRECTORY [NAME...]"
	echo "PRISTINE is build/src/linux-K, DEMO what make demo left."
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -ge 4 ] || { usage >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
pristine=$1
initramfs=$2
demo=$3
mkdir -p "$4"
out=$(cd "$4" && pwd)
shift 4
if [ $# -eq 0 ]; then
	for patch in "$here"/busted/*.patch; do
		set -- "$@" "$(basename "$patch" .patch)"
	done
fi
tree=$pristine-busted
name=out-x86_64-release

header()
{
	# $1: patch, $2: word
	sed -n "/^---/q; s/^$2: *//p" "$1"
}

# The overlay or the tool with one thing broken; offsets do not matter here.
break_copy()
(
	# $1: patch, $2: directory, $3...: what to copy
	broken=$1
	copy=$2
	shift 2
	rm -rf "$copy"
	mkdir -p "$copy"
	(cd "$repo" && tar -cf - "$@") | tar -C "$copy" -xf -
	patch -d "$copy" -p1 -F2 -f -s --no-backup-if-mismatch < "$broken" \
		> "$copy/patch.log" 2>&1
)

# Prints why a broken kernel was not caught; nothing if it was.
try_kernel()
{
	# $1: patch, $2: directory, $3...: tests
	patch=$1
	dir=$2
	shift 2
	break_copy "$patch" "$dir/overlay" mm include Documentation patches || {
		echo "the patch does not apply"
		return
	}
	"$repo/scripts/tree.sh" "$pristine" "$tree"
	PAGE_PINNER_OVERLAY=$dir/overlay "$repo/scripts/apply.sh" "$tree"
	"$repo/scripts/stage.sh" "busted: $(basename "$dir")" "$dir/build.log" \
		"$repo/scripts/kernel.sh" "$tree" "$name" \
		"$here/kernel.config" "$here/pinner.config" || {
		echo "it does not build"
		return
	}
	"$here/run_all.sh" -k "$tree/$name/arch/x86/boot/bzImage" \
		-i "$initramfs" -o "$dir/guest" "$@" > "$dir/log.tap" || :
	for test in "$@"; do
		grep -q "^not ok [0-9]* $test\$" "$dir/log.tap" ||
			echo "$test did not fail"
	done
}

try_tool()
{
	# $1: patch, $2: directory
	break_copy "$1" "$2/copy" tools/page_pinner || {
		echo "the patch does not apply"
		return
	}
	make -s -C "$2/copy/tools/page_pinner" clean > "$2/build.log" 2>&1 || :
	make -s -C "$2/copy/tools/page_pinner" page_pinner \
			>> "$2/build.log" 2>&1 || {
		echo "it does not build"
		return
	}
	"$2/copy/tools/page_pinner/page_pinner" report --format=json \
		"$demo/trace.dat" > "$2/report.json" || :
	if "$here/check_demo.sh" "$demo/guest/results/demo" \
			"$2/report.json" > "$2/log.tap"; then
		echo "the report on the demo is still right"
	fi
}

echo "1..$#"
number=0
bad=0
for variant in "$@"; do
	number=$((number + 1))
	patch=$here/busted/$variant.patch
	dir=$out/$variant
	tests=$(header "$patch" "caught by")
	mkdir -p "$dir"
	if [ "$tests" = demo ]; then
		why=$(try_tool "$patch" "$dir")
	else
		# shellcheck disable=SC2086
		why=$(try_kernel "$patch" "$dir" $tests)
	fi
	if [ -z "$why" ]; then
		echo "ok $number $variant is caught by $tests"
	else
		echo "not ok $number $variant is caught by $tests"
		echo "$why" | sed 's/^/# /'
		bad=1
	fi
done
exit "$bad"
