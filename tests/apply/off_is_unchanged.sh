#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Shows that with CONFIG_PAGE_PINNER=n the overlay changes no code: builds the
# objects of the pristine and of the patched tree with one configuration and
# compares them.  Prints TAP, one result for each directory.
#
# What is compared is everything that is loaded, with its relocations; names
# of local symbols and the compiler's comment are left out, because they can
# hold line numbers and are not part of the kernel that runs.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] PRISTINE"
	echo "PRISTINE is build/src/linux-K; its copies stand beside it."
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 1 ] || { usage >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
scripts=$(cd "$here/../../scripts" && pwd)
pristine=$1
log=$here/../../build/log
dirs="mm kernel lib fs block io_uring net drivers"
name=out-off

"$scripts/tree.sh" "$pristine" "$pristine-plain"
"$scripts/tree.sh" "$pristine" "$pristine-pinner"
"$scripts/apply.sh" "$pristine-pinner"

targets=
count=0
for dir in $dirs; do
	targets="$targets $dir/"
	count=$((count + 1))
done
echo "1..$count"

for tree in plain pinner; do
	TARGETS=$targets "$scripts/stage.sh" "objects, $tree tree" \
		"$log/off-$tree.log" "$scripts/kernel.sh" \
		"$pristine-$tree" "$name" "$here/off.config"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# What an object brings into the kernel.
loaded()
{
	objcopy --strip-debug --discard-all --remove-section=.comment \
		--remove-section='.note*' "$1" "$2"
}

number=0
bad=0
for dir in $dirs; do
	number=$((number + 1))
	: > "$work/different"
	objects=0
	(cd "$pristine-plain/$name" && find "$dir" -name '*.o' | sort) \
		> "$work/list"
	(cd "$pristine-pinner/$name" && find "$dir" -name '*.o' | sort) \
		> "$work/list2"
	diff "$work/list" "$work/list2" > "$work/different" || :
	while IFS= read -r object; do
		objects=$((objects + 1))
		one=$pristine-plain/$name/$object
		two=$pristine-pinner/$name/$object
		if cmp -s "$one" "$two"; then
			continue
		fi
		loaded "$one" "$work/one.o"
		loaded "$two" "$work/two.o"
		cmp -s "$work/one.o" "$work/two.o" ||
			echo "$object" >> "$work/different"
	done < "$work/list"
	if [ ! -s "$work/different" ] && [ "$objects" -gt 0 ]; then
		echo "ok $number $dir/ is unchanged: $objects objects"
	else
		echo "not ok $number $dir/ is unchanged: $objects objects"
		sed 's/^/# differs: /' "$work/different"
		bad=1
	fi
done
exit "$bad"
