# SPDX-License-Identifier: GPL-2.0
# description: what cannot be read is one clear line, exit 1, and no report
set -eu

# refused WORD COMMAND...: exit 1, one line with WORD on stderr, no output
refused()
{
	word=$1
	shift
	rc=0
	"$@" > out 2> err || rc=$?
	[ "$rc" -eq 1 ] || { echo "exit $rc: $*"; cat err; exit 1; }
	[ ! -s out ] || { echo "output of: $*"; exit 1; }
	[ "$(wc -l < err)" -eq 1 ] || { echo "not one line: $*"; cat err; exit 1; }
	grep -q "^page_pinner: .*$word" err || { echo "no $word:"; cat err; exit 1; }
	! grep -q 'Invalid read\|Invalid write\|uninitialised' err
}

check="valgrind -q --error-exitcode=99 --leak-check=no"
# a program with sanitizers looks for itself, and cannot run under valgrind
if [ -n "${SANITIZED-}" ]; then
	check=
else
	command -v valgrind > /dev/null || { echo "no valgrind"; exit 4; }
fi

: > empty
mkdir dir
echo 'root:x:0:0' > nonsense
printf 'PERFILE2' > short.data
xz -dc "$data/forms/trace.dat.xz" > good.dat
grep -v page_pinner_ > none.txt <<END
          sh-1     [000] .....     1.000000: sched_switch: prev_comm=a
END

refused 'missing.*No such file' $check "$tool" report missing
refused 'empty: empty file' $check "$tool" report empty
refused 'dir: Is a directory' $check "$tool" report dir
refused 'nonsense: not a trace' $check "$tool" report nonsense
refused 'short.data' $check "$tool" report short.data
refused 'none.txt: no' $check "$tool" report none.txt
for size in 5 100 3000 70000 300000; do
	head -c "$size" good.dat > cut.dat
	refused 'cut.dat: ' $check "$tool" report cut.dat
done
xz -dc "$data/forms/perf.data.xz" > good.data
for size in 5 20 100 200 1000 20000 100000; do
	head -c "$size" good.data > cut.data
	refused 'cut.data: ' $check "$tool" report cut.data
done
refused 'nowhere/report: ' "$tool" report -o nowhere/report good.dat
refused 'nonsense: not a list' "$tool" report --kallsyms=nonsense good.dat
