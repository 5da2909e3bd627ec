# SPDX-License-Identifier: GPL-2.0
# description: trace.dat as trace-cmd converts it, cut off, and with nothing in it
set -eu

command -v trace-cmd > /dev/null || { echo "no trace-cmd"; exit 4; }
xz -dc "$data/forms/trace.dat.xz" > good

# report FILE: all of it but the file's name; rc is the exit code
report()
{
	rc=0
	timeout 20 "$tool" report --format=json -o json "$1" 2> err || rc=$?
	case $rc in 0 | 3) jq 'del(.trace.file)' json ;; esac
}

report good > want
[ "$rc" -eq 0 ]

# converted WHAT OPTION...: the same in another form of trace-cmd's
converted()
{
	what=$1
	shift
	trace-cmd convert -i good -o "$what" "$@" > log 2>&1 || { cat log; exit 1; }
	report "$what" > got
	# trace-cmd keeps neither the kernel's release nor more than this
	jq 'del(.trace.kernel)' want > want.bare
	jq 'del(.trace.kernel)' got > got.bare
	[ "$rc" -eq 0 ] && cmp -s want.bare got.bare ||
		{ echo "$what: exit $rc"; cat err; diff want.bare got.bare | head -n 5; exit 1; }
}
converted v6 --file-version 6
converted v7 --compression none

# Version 6 tells in front where its data are: what is left of them is read.
size=$(wc -c < v6)
for gone in 100 5000 30000; do
	head -c $((size - gone)) v6 > cut
	report cut > got
	[ "$rc" -eq 3 ] && [ "$(wc -l < err)" -eq 1 ] && grep -q 'cut: cut off' err ||
		{ echo "cut by $gone: exit $rc"; cat err; exit 1; }
	[ "$(jq .trace.lost json)" -ge 1 ]
	# of any CPU and time: no verdict that rests on what is missing
	[ "$(jq '[.failures[] | select(.verdict == "named")] | length' json)" -eq 0 ]
done
cat cut | timeout 20 "$tool" report -o /dev/null - 2> err || rc=$?
[ "$rc" -eq 3 ]
# Version 7 tells it at the end.
head -c $(($(wc -c < v7) - 5000)) v7 > cut
report cut
[ "$rc" -eq 1 ]
grep -q 'not a complete trace.dat' err

# The events were on, and nothing failed.
trace-cmd split -i good -o quiet 1 2 > log 2>&1
report quiet.1 > got
[ "$rc" -eq 0 ]
[ ! -s err ]
[ "$(jq -c '[.trace.events, (.failures | length)]' json)" = '[0,0]' ]
