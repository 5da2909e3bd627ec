#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Tests the tests: each patch of busted/ breaks one guarantee on purpose, and
# the tests that it names must notice.  Prints TAP, one result per patch.
#
# A patch of mm/ makes another kernel; one of tools/ another post-processor,
# which then reads the recording of the demo.  The lines before the patch:
#	breaks: which guarantee
#	caught by: names of guest tests, each of which must fail (or: demo; or
#	kunit:CASE, which must fail in the test kernel_kunit)
#
# A test that races notices by chance: one that did not has two tries more.
#
# Variants that KUnit catches share kernels: as many as apply on top of each
# other are built and booted together.  That proves each of them only if no
# other one fails its cases: no two of a bundle name the same, and no case may
# fail that is named by none.  One that fails many says "alone: yes" and has a
# kernel of its own.

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
	for try in 1 2 3; do
		run_kernel "$dir" "$@" > "$dir/missed"
		# shellcheck disable=SC2046
		set -- $(cat "$dir/missed")
		[ $# -gt 0 ] || return 0
		echo "# try $try of $(basename "$dir") went by: $*" >&2
	done
	printf '%s did not fail\n' "$@"
}

# Boots the broken kernel; prints which tests did not notice.
run_kernel()
{
	# $1: directory, $2...: tests
	dir=$1
	shift
	"$here/run_all.sh" -k "$tree/$name/arch/x86/boot/bzImage" \
		-i "$initramfs" -o "$dir/guest" "$@" > "$dir/log.tap" || :
	for test in "$@"; do
		# one that panics leaves no result
		grep -q "^not ok [0-9]* $test\$\|^# no result of test [0-9]*, $test\$" \
				"$dir/log.tap" ||
			echo "$test"
	done
}

# The names of the KUnit cases of a patch; nothing for other variants.
cases_of()
{
	header "$1" "caught by" | tr ' ' '\n' | sed -n 's/^kunit://p'
}

is_alone()
{
	[ "$(header "$1" alone)" = yes ]
}

# Sorts variants that KUnit catches into bundles: $out/bundle.N.list.
make_bundles()
{
	# $@: names of variants
	for member in "$@"; do
		patch=$here/busted/$member.patch
		[ -n "$(cases_of "$patch")" ] || continue
		if is_alone "$patch"; then
			add_to_bundle "$member" "$patch" "$out/bundle.$member" || :
			continue
		fi
		number=1
		until add_to_bundle "$member" "$patch" "$out/bundle.$number"; do
			number=$((number + 1))
			[ "$number" -le 20 ] || break
		done
	done
}

# Fails if the patch does not apply there, or another names one of its cases.
add_to_bundle()
{
	# $1: name, $2: patch, $3: bundle
	if [ ! -d "$3" ]; then
		mkdir -p "$3"
		(cd "$repo" && tar -cf - mm include Documentation patches) |
			tar -C "$3" -xf -
		: > "$3.list"
		: > "$3.cases"
	fi
	for kcase in $(cases_of "$2"); do
		! grep -qx "$kcase" "$3.cases" || return 1
	done
	patch -d "$3" -p1 -F2 -f -s --dry-run < "$2" > "$3.log" 2>&1 || return 1
	patch -d "$3" -p1 -F2 -f -s --no-backup-if-mismatch < "$2" > "$3.log"
	echo "$1" >> "$3.list"
	cases_of "$2" >> "$3.cases"
}

# Builds a bundle and runs the suite; what failed goes to $1.failed.
run_bundle()
{
	"$repo/scripts/tree.sh" "$pristine" "$tree"
	PAGE_PINNER_OVERLAY=$1 "$repo/scripts/apply.sh" "$tree"
	"$repo/scripts/stage.sh" "busted: $(basename "$1")" "$1.build.log" \
		"$repo/scripts/kernel.sh" "$tree" "$name" \
		"$here/kernel.config" "$here/pinner.config" || {
		echo "it does not build" > "$1.why"
		return
	}
	"$here/run_all.sh" -k "$tree/$name/arch/x86/boot/bzImage" \
		-i "$initramfs" -o "$1.guest" kernel_kunit > "$1.tap" || :
	suite=$(find "$1.guest" -path '*kernel_kunit/suite' | head -n 1)
	if [ -z "$suite" ]; then
		echo "the suite did not run" > "$1.why"
		return
	fi
	# cases are indented by four, their parameters by eight
	sed -n 's/^\[[^]]*\]     not ok [0-9]* \([a-z_0-9]*\)$/\1/p' "$suite" |
		sort -u > "$1.failed"
	sort -u "$1.cases" | comm -13 - "$1.failed" > "$1.others"
	# who is alone is all that can be meant
	[ "$(wc -l < "$1.list")" -ne 1 ] || : > "$1.others"
	[ ! -s "$1.others" ] ||
		echo "failed, and named by none: $(tr '\n' ' ' < "$1.others")" > "$1.why"
}

# Prints why a variant of a bundle was not caught; nothing if it was.
judge_bundled()
{
	# $1: name, $2: patch
	list=$(grep -lx "$1" "$out"/bundle.*.list 2>/dev/null | head -n 1)
	if [ -z "$list" ]; then
		echo "the patch does not apply"
		return
	fi
	bundle=${list%.list}
	[ -e "$bundle.failed" ] || [ -e "$bundle.why" ] || run_bundle "$bundle"
	[ ! -e "$bundle.why" ] || cat "$bundle.why"
	for kcase in $(cases_of "$2"); do
		grep -qx "$kcase" "$bundle.failed" 2>/dev/null ||
			echo "$kcase did not fail"
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
rm -rf "$out"/bundle.*
make_bundles "$@"
number=0
bad=0
for variant in "$@"; do
	number=$((number + 1))
	patch=$here/busted/$variant.patch
	dir=$out/$variant
	tests=$(header "$patch" "caught by")
	mkdir -p "$dir"
	if [ -n "$(cases_of "$patch")" ]; then
		why=$(judge_bundled "$variant" "$patch")
	elif [ "$tests" = demo ]; then
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
