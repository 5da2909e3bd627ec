# SPDX-License-Identifier: GPL-2.0
# description: record runs trace-cmd with the right arguments and checks its file
set -eu
mkdir bin
cat > bin/trace-cmd <<'END'
#!/bin/sh
echo "$@" > args
[ ! -e fail ] || exit 1
while [ "$1" != -o ]; do shift; done
cp good.dat "$2"
END
chmod +x bin/trace-cmd
xz -dc "$data/forms/trace.dat.xz" > good.dat
PATH=$PWD/bin:$PATH

"$tool" record 2> err
# where the kernel has it, the event that tells the name of a CMA area is on, too
[ "$(sed 's/ -e cma:cma_alloc_busy_retry//' args)" = "record -o trace.dat -C mono -b 8192 -e page_pinner -T" ]
if [ -w /sys/kernel/tracing/events/cma/cma_alloc_busy_retry/enable ]; then
	grep -q ' -e cma:cma_alloc_busy_retry -T' args
fi
grep -q '^page_pinner: trace.dat: [0-9]* events; next: page_pinner report trace.dat$' err
"$tool" record -o x.dat -b 64 --reason=longterm_pin -- sleep 1 2> err
[ "$(cat args)" = "record -o x.dat -C mono -b 64 -e page_pinner:page_pinner_fail_longterm_pin\
 -e page_pinner:page_pinner_get -e page_pinner:page_pinner_put\
 -e page_pinner:page_pinner_unmark -T sleep 1" ]
cmp x.dat good.dat
"$tool" record -n --date | grep -q -- ' --date -e page_pinner '
"$tool" record -n -C boot | grep -q -- ' -C boot '
"$tool" record -n --reason=damon | grep -q -- '-e page_pinner:page_pinner_fail_migrate '

touch fail
rc=0
"$tool" record 2> err || rc=$?
[ "$rc" -eq 1 ]
grep -q 'booted with page_pinner=on' err
rm fail bin/trace-cmd
for bad in '-b 0' '-b many' '--reason=watch' '--frobnicate' '-o'; do
	rc=0
	"$tool" record $bad > out 2> err || rc=$?
	[ "$rc" -eq 2 ] || { echo "exit $rc: $bad"; exit 1; }
	[ "$(wc -l < err)" -eq 1 ]
done
"$tool" record --help | grep -q 'usage: page_pinner record'
