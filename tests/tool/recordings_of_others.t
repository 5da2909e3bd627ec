# SPDX-License-Identifier: GPL-2.0
# description: recordings that others made: read, or refused by one true line; valgrind is silent
#
# RECORDINGS=dir: where they are.  None has an event of ours.
set -eu

dir=${RECORDINGS-/work/shared/recordings}
[ -d "$dir" ] || { echo "no recordings in $dir: name them by RECORDINGS"; exit 4; }

check=
if [ -z "${SANITIZED-}" ]; then
	command -v valgrind > /dev/null || { echo "no valgrind"; exit 4; }
	# libtracecmd reads one byte too far, by itself
	cat > libraries.supp <<-END
	{
	   in_the_library
	   Memcheck:Addr1
	   obj:*/libtracecmd.so*
	}
	{
	   in_libc_called_by_the_library
	   Memcheck:Addr1
	   fun:*
	   obj:*/libtracecmd.so*
	}
	END
	check="valgrind -q --error-exitcode=99 --leak-check=no --trace-children=yes
		--suppressions=libraries.supp"
fi

nr=0
for file in "$dir"/*; do
	case $file in */README*) continue ;; esac
	nr=$((nr + 1))
	case $file in
	*version1.data) want='version 1' ;;
	*) want='no page_pinner events\|not a trace\|no page_pinner\|function_graph' ;;
	esac
	rc=0
	timeout 120 $check "$tool" report "$file" > out 2> err || rc=$?
	[ "$rc" -eq 1 ] && [ ! -s out ] && [ "$(wc -l < err)" -eq 1 ] && grep -q "$want" err ||
		{ echo "$file: exit $rc"; cat err; exit 1; }
	! grep -q 'damaged\|complete\|cut off' err || { cat err; exit 1; }
	cat err
done
[ "$nr" -ge 18 ] || { echo "only $nr recordings in $dir"; exit 1; }
