#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Every gating test, one suite after the other.  A suite prints TAP or KTAP to
# build/check/SUITE.tap; tally.sh counts it.  What could not run has failed.
# The last line, alone, is the sum.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [SUITE...]"
	echo "Suites: $suites"
	echo "CHECK_FLAVOR in the environment chooses the kernel of the suite flavor;"
	echo "BUSTED=all has all broken variants, not a quarter (kernel) or a third (tool) in turn."
}

suites="apply docs tool kernel build guest demo scenarios flavor off busted"

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 0 ] || suites=$*

cd "$(dirname "$0")/.."
dir=build/check
mkdir -p "$dir"
begin=$(date +%s)

K=${K:-6.12}
pristine=build/src/linux-$K
initramfs=build/guest/initramfs-$K-x86_64-release.gz

image()
{
	make -s print-kernel K="$K" FLAVOR=release
}

# --- The suites -------------------------------------------------------------

suite_apply()
{
	tests/apply/run.sh "$pristine"
}

suite_docs()
{
	for test in tests/docs/*.t; do
		sh "$test"
	done
}

suite_tool()
{
	# Of the formats that cmocka knows, TAP is what we count.
	CMOCKA_MESSAGE_OUTPUT=TAP make -s -C tools/page_pinner check
}

# The kernel, its configuration, the modules and the initramfs: one result
# each, so that a build that breaks is a failure and not a gap.  And what its
# objects say of the tool's table of names.
suite_kernel()
{
	echo '1..3'
	rc=0
	for target in kernel modules initramfs; do
		number=$((${number:-0} + 1))
		if make -s "$target" K="$K"; then
			echo "ok $number $target builds"
		else
			echo "not ok $number $target builds"
			rc=1
		fi
	done
	tests/build/refcount_audit.sh "$(dirname "$(image)")/../../.." || rc=1
	return "$rc"
}

suite_build()
{
	tests/build/matrix.sh "$pristine-pinner"
}

suite_guest()
{
	tests/guest/run_all.sh -k "$(image)" -i "$initramfs" -o "$dir/guest"
}

suite_demo()
{
	make -s demo > "$dir/demo.log"
	cat build/demo/verdict.tap
}

# A quick part of the known holders; make scenarios runs all of them.
suite_scenarios()
{
	scripts/scenarios.sh -s representative
}

# What takes turns: each commit has the next part, or each day where there is no
# history.
turn()
{
	git rev-list --count HEAD 2>/dev/null || echo $(($(date +%s) / 86400))
}

# The same on one other flavor, in turn, of those on which all scenarios have
# been run and looked at.  make check-all runs all of them on all flavors.
other_flavor()
{
	# to come: clang and page_ref, whose kernels take longer from nothing, and debug
	set -- sections size
	shift $(($(turn) % $#))
	echo "$1"
}

suite_flavor()
{
	flavor=${CHECK_FLAVOR:-$(other_flavor)}
	echo "the other flavor is $flavor" >&2
	echo "# flavor $flavor"
	if ! make -s initramfs K="$K" FLAVOR="$flavor"; then
		echo '1..1'
		echo "not ok 1 the kernel of flavor $flavor builds"
		return 1
	fi
	set=representative
	[ "$flavor" != debug ] || set=first	# everything takes longer there
	make -s scenarios K="$K" FLAVOR="$flavor" S="-s $set"
}

suite_off()
{
	tests/apply/off_is_unchanged.sh "$pristine"
}

# Each variant that no other can share a kernel with costs a kernel and a boot:
# of those a quarter, in turn.  make check-all, or BUSTED=all, has all of them.
busted_part()
{
	number=0
	for patch in tests/guest/busted/*.patch; do
		if ! grep -q '^caught by:.*kunit:' "$patch" || grep -q '^alone: yes' "$patch"; then
			number=$((number + 1))
			[ "${BUSTED-}" = all ] ||
				[ $((number % 4)) -eq $(($(turn) % 4)) ] || continue
		fi
		basename "$patch" .patch
	done
}

suite_busted()
{
	# shellcheck disable=SC2046
	tests/guest/busted.sh "$pristine" "$initramfs" build/demo "$dir/busted" \
		$(busted_part)
}

# --- Running them -----------------------------------------------------------

if ! make -s tree K="$K"; then
	echo "the kernel tree cannot be made" >&2
	echo "0 passed, 1 failed, 0 skipped"
	exit 1
fi

passed=0
failed=0
skipped=0
for suite in $suites; do
	start=$(date +%s)
	tap=$dir/$suite.tap
	[ ! -t 2 ] || echo "$suite ..." >&2
	rc=0
	"suite_$suite" > "$tap" || rc=$?
	read -r p f s <<-END
	$(scripts/tally.sh "$tap")
	END
	if [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then
		echo "# the suite $suite ended with $rc" >> "$tap"
		f=1
	fi
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
	printf '%-10s %4d passed %4d failed %4d skipped %6d s\n' "$suite" \
		"$p" "$f" "$s" $(($(date +%s) - start))
	grep -E '^ok.*# *(SKIP|skip)' "$tap" | sed 's/^ok [0-9]* */    skipped: /' || :
	if [ "$f" -ne 0 ]; then
		grep -E '^(not ok|# )' "$tap" | tail -n 60 | sed 's/^/    /' || :
	fi
done
echo "all of it took $(($(date +%s) - begin)) s; details are in $dir"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
