#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The last judge of a guest's run.  It believes in success only if the plan is
# the one that was asked for, each test of it has its line, the guest's own
# verdict is there, and the console holds nothing that a kernel in trouble
# would print.  Writes DIRECTORY/summary: passed, failed, skipped.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] DIRECTORY"
	echo "Judge the run that run.sh left in DIRECTORY."
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 1 ] || { usage >&2; exit 2; }
out=$1
bad=0

complain()
{
	echo "# $*"
	bad=1
}

planned=$(wc -l < "$out/plan")
touch "$out/ktap.log" "$out/console.log"

grep -qx "1\\.\\.$planned" "$out/ktap.log" ||
	complain "the guest did not announce the plan of $planned tests"

passed=0
failed=0
skipped=0
number=0
while read -r name _; do
	number=$((number + 1))
	line=$(grep -E "^(not )?ok $number $name( |\$)" "$out/ktap.log" ||
	       echo missing)
	case $line in
	missing)
		complain "no result of test $number, $name"
		failed=$((failed + 1)) ;;
	"not ok"*) failed=$((failed + 1)) ;;
	*"# SKIP"*) skipped=$((skipped + 1)) ;;
	ok*) passed=$((passed + 1)) ;;
	esac
done < "$out/plan"

# A migration that finds no page to move to says so, with a backtrace: that is
# no trouble, and tests that fill memory make it happen.  So does a contiguous
# allocation that fails, if a test asks it to (alloc_contig_dump_pages).
told()
{
	sed '/page allocation failure: order:/,/<\/TASK>/d' "$1" | awk '
		!trace && /Call Trace:/ { trace = 1; kept = ""; asked = 0 }
		!trace { print; next }
		{ kept = kept $0 "\n" }
		/__alloc_contig_migrate_range/ { asked = 1 }
		/<\/TASK>/ {
			if (!asked)
				printf "%s", kept
			trace = 0
		}
		END { if (trace) printf "%s", kept }
	'
}

if told "$out/console.log" | grep -aE "BUG: |WARNING: |Oops|general protection|Kernel panic|\
KASAN|UBSAN|possible circular locking|INFO: task .* blocked|\
INFO: rcu|rcu_.*stall|soft lockup|hard LOCKUP|Bad page|bad page|\
Call Trace:|refcount_t:|list_(add|del) corruption|\
unable to handle|scheduling while atomic|sleeping function called|\
Out of memory|segfault at" > "$out/bad_console"; then
	complain "the console has bad news:"
	head -n 12 "$out/bad_console" | sed 's/^/# | /'
fi
if [ "$failed" -eq 0 ] && ! grep -qx '# verdict: complete' "$out/ktap.log"; then
	complain "the guest did not give its verdict"
fi
# Trouble that no single test answers for must not vanish from the count.
if [ "$bad" -ne 0 ] && [ "$failed" -eq 0 ]; then
	failed=1
fi

echo "$passed $failed $skipped" > "$out/summary"
[ "$failed" -eq 0 ]
