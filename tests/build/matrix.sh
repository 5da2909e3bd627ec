#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Compiles the files that page_pinner adds or hooks with and without the
# options around it, on 64 and on 32 bits, and reads our own with the tools
# of a kernel reviewer.  Object files only: what links is tested by the
# guest's kernel.  Warnings are errors.  Prints KTAP.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] TREE [NAME...]"
	echo "TREE is a kernel tree with page_pinner; NAMEs are names of the table."
}

here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)

# name, architecture, what differs from the guest's configuration
table()
{
	cat <<END
all                  x86_64
without_page_owner   x86_64 PAGE_OWNER=n
debug_page_ref       x86_64 DEBUG_PAGE_REF=y
without_hotplug      x86_64 MEMORY_HOTPLUG=n MEMORY_HOTREMOVE=n
without_thp          x86_64 TRANSPARENT_HUGEPAGE=n
without_hugetlb      x86_64 HUGETLBFS=n
without_debugfs      x86_64 DEBUG_FS=n PAGE_OWNER=n CMA_DEBUGFS=n GUP_TEST=n KUNIT=n PAGE_PINNER_KUNIT_TEST=n
without_cma          x86_64 CMA=n
without_compaction   x86_64 COMPACTION=n TRANSPARENT_HUGEPAGE=n
without_numa         x86_64 NUMA=n
kasan_lockdep        x86_64 KASAN=y PROVE_LOCKING=y DEBUG_VM=y PREEMPT=y
without_pinner       x86_64 PAGE_PINNER=n PAGE_PINNER_KUNIT_TEST=n
flatmem_32           i386   FLATMEM_MANUAL=y SPARSEMEM_MANUAL=n
sparsemem_32         i386   SPARSEMEM_MANUAL=y
END
}

reviews="checkpatch kernel_doc sparse"

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -ge 1 ] || { usage >&2; exit 2; }
tree=$(cd "$1" && pwd)
shift
[ -f "$tree/mm/page_pinner.c" ] || {
	echo "matrix.sh: $tree: page_pinner is not in it" >&2
	exit 1
}
# shellcheck disable=SC2046,SC2086
[ $# -gt 0 ] || set -- $(table | cut -d ' ' -f 1) $reviews

ccache=
if command -v ccache > /dev/null; then
	ccache='ccache '
	export CCACHE_NOHASHDIR=1
	export CCACHE_BASEDIR="$tree"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

kmake()
{
	make -s -C "$tree" "O=out-matrix-$arch" "ARCH=$arch" \
		"CC=${ccache}gcc" "HOSTCC=${ccache}gcc" \
		-j"${JOBS:-$(nproc)}" "$@"
}

has()
{
	grep -qx "CONFIG_$1=y" "$tree/out-matrix-$arch/.config"
}

# The objects concerned, if the configuration has them.
objects()
{
	if has PAGE_PINNER; then
		echo mm/page_pinner.o mm/page_pinner_mark.o mm/page_pinner_ref.o \
			mm/page_pinner_fail.o
		! has DEBUG_FS || echo mm/page_pinner_debugfs.o
		! has PAGE_PINNER_KUNIT_TEST ||
			echo mm/page_pinner_test.o mm/page_pinner_race_test.o \
				mm/page_pinner_account_test.o
	fi
	echo mm/page_alloc.o mm/gup.o mm/swap.o
	while read -r option object; do
		! has "$option" || echo "mm/$object.o"
	done <<-END
	PAGE_EXTENSION page_ext
	HUGETLB_PAGE hugetlb
	MIGRATION migrate
	COMPACTION compaction
	CONTIG_ALLOC compaction
	MEMORY_ISOLATION page_isolation
	MEMORY_HOTPLUG memory_hotplug
	MEMORY_FAILURE memory-failure
	TRANSPARENT_HUGEPAGE huge_memory
	DEBUG_PAGE_REF debug_page_ref
	DEVICE_MIGRATION migrate_device
	NUMA mempolicy
	DAMON_PADDR damon/paddr
	END
}

# Writes the .config of a row and verifies that what it asks for is there.
configure()
{
	: > "$work/asked"
	if [ "$arch" = x86_64 ]; then
		cat "$repo/tests/guest/kernel.config" \
			"$repo/tests/guest/pinner.config" > "$work/asked"
		echo CONFIG_PAGE_OWNER=y >> "$work/asked"
	else
		for option in SMP DEBUG_KERNEL FTRACE ENABLE_DEFAULT_TRACERS \
				DEBUG_FS MMU COMPACTION CMA SHMEM JUMP_LABEL \
				HUGETLBFS KUNIT PAGE_PINNER \
				PAGE_PINNER_KUNIT_TEST; do
			echo "CONFIG_$option=y"
		done > "$work/asked"
	fi
	for word in "$@"; do
		echo "CONFIG_$word" >> "$work/asked"
	done
	mkdir -p "$tree/out-matrix-$arch"
	kmake "KCONFIG_ALLCONFIG=$work/asked" allnoconfig > "$work/config.log" 2>&1
	for word in "$@"; do
		case $word in
		*=n) ! has "${word%=n}" ;;
		*) has "${word%=y}" ;;
		esac || {
			echo "CONFIG_$word did not survive"
			return 1
		}
	done
}

lock()
{
	exec 9> "${KERNEL_LOCK:-/tmp/kernel-build.lock}"
	flock 9
}

# build ROW-WORDS...: configures and compiles; complaints on stdout.
build()
{
	arch=$1
	shift
	(
		lock
		configure "$@" || exit 1
		# shellcheck disable=SC2046
		kmake KCFLAGS=-Werror prepare $(objects | tr ' ' '\n' | sort -u)
	) 2>&1 | head -n 30 > "$work/log"
	! grep -q . "$work/log"
}

ours()
{
	(cd "$tree" && ls mm/page_pinner*.[ch] include/linux/page_pinner*.h \
		include/trace/events/page_pinner.h)
}

review_checkpatch()
{
	for file in $(ours) $(cd "$repo" && ls tests/guest/module/*.[ch]); do
		dir=$tree
		[ -f "$dir/$file" ] || dir=$repo
		# the names of page flags are not ours; trace headers are laid
		# out as all of them are
		trace=
		case $file in
		include/trace/*)
			trace=,TRAILING_SEMICOLON,MACRO_ARG_UNUSED
			trace=$trace,COMPLEX_MACRO,OPEN_ENDED_LINE,SPACING
			trace=$trace,PARENTHESIS_ALIGNMENT,MULTISTATEMENT_MACRO_USE_DO_WHILE ;;
		esac
		(cd "$tree" && perl scripts/checkpatch.pl --strict --terse \
			--no-summary --max-line-length=100 \
			--ignore "CAMELCASE$trace" -f "$dir/$file")
	done > "$work/log" 2>&1 || :
	! grep -q . "$work/log"
}

review_kernel_doc()
{
	for file in $(ours); do
		(cd "$tree" && perl scripts/kernel-doc -none -Wall "$file")
	done > "$work/log" 2>&1 || :
	! grep -q . "$work/log"
}

# What sparse and W=1 say of our files; of headers it says much by itself.
review_sparse()
{
	arch=x86_64
	(
		lock
		configure
		kmake prepare
		# shellcheck disable=SC2046
		kmake C=2 W=1 $(objects | tr ' ' '\n' | grep page_pinner) 2>&1
	) > "$work/all" 2>&1 || :
	grep -F page_pinner "$work/all" | grep 'warning\|error' > "$work/log"
	! grep -q . "$work/log"
}

echo "KTAP version 1"
echo "1..$#"
number=0
bad=0
for name in "$@"; do
	number=$((number + 1))
	row=$(table | sed -n "s/^$name  *//p")
	result=ok
	: > "$work/log"
	case $name in
	checkpatch|kernel_doc|sparse)
		if [ "$name" = sparse ] && ! command -v sparse > /dev/null; then
			echo "ok $number $name # SKIP sparse is not installed"
			continue
		fi
		"review_$name" || result="not ok" ;;
	*)
		if [ -z "$row" ]; then
			echo "no such row" > "$work/log"
			result="not ok"
		else
			# shellcheck disable=SC2086
			build $row || result="not ok"
		fi ;;
	esac
	echo "$result $number $name"
	[ "$result" = ok ] || { sed 's/^/# /' "$work/log"; bad=1; }
done
exit "$bad"
