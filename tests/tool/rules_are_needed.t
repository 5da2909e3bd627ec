# SPDX-License-Identifier: GPL-2.0
# description: without any one rule of the table the unit test of classes fails
set -eu

root=$data/../..
src=$root/tools/page_pinner
ldlibs="$(make -s -C "$src" print-libs) $(pkg-config --cflags --libs cmocka)"
cflags="-std=gnu11 -I$src -I$root/tests/unit $ldlibs"

for file in "$src"/*.c "$src"/*/*.c "$root"/tests/unit/scene.c "$root"/tests/unit/classify_test.c; do
	case $file in */main.c | */classify_rules.c) continue ;; esac
	cc $cflags -c -o "$(basename "$file" .c).o" "$file"
done
ar rcs all.a ./*.o

# without NUMBER: the table without that entry; says which it was
without()
{
	awk -v gone="$1" '
		/^static const struct rule rules/ { table = 1 }
		/^};/ { table = 0 }
		table && /^\t\{ "/ { entry++; if (entry == gone) { skip = 1; print $2 > "gone" } }
		!skip { print }
		skip && /\},$/ { skip = 0 }
	' "$src/judge/classify_rules.c" > classify_rules.c
}

build_and_run()
{
	cc $cflags -c -o rules.o classify_rules.c &&
		cc -o classify_test classify_test.o rules.o all.a $ldlibs || return 2
	./classify_test > log 2>&1 && return 0
	# a test that failed, in cmocka's own words or as TAP, and did not crash
	! grep -q 'exception' log || return 2
	grep -q '^not ok [0-9]\|^\[  FAILED  \]' log || return 2
	return 1
}

without 0
build_and_run || { echo "it fails with all rules:"; cat log; exit 1; }
rules=$(grep -c '^	{ "' "$src/judge/classify_rules.c")
[ "$rules" -gt 30 ] || { echo "$rules rules"; exit 1; }
number=0
while [ "$number" -lt "$rules" ]; do
	number=$((number + 1))
	without "$number"
	! cmp -s classify_rules.c "$src/judge/classify_rules.c" || { echo "nothing removed"; exit 1; }
	rc=0
	build_and_run || rc=$?
	[ "$rc" -ne 2 ] || { echo "does not build or crashes without rule $number"; exit 1; }
	[ "$rc" -ne 0 ] || { echo "nobody misses rule $number, $(cat gone)"; missed=1; }
done
[ -z "${missed-}" ] || exit 1
echo "$rules rules taken out, one at a time"
