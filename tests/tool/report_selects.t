# SPDX-License-Identifier: GPL-2.0
# description: --reason, --pfn, --pid, --comm, -E and --max-stack select
set -eu
xz -dc "$data/forms/trace.dat.xz" > trace.dat

failures()
{
	"$tool" report --format=json "$@" trace.dat | jq -r '.failures[].reason' | sort | tr '\n' ' '
}

[ "$(failures --reason=longterm_pin)" = "longterm_pin " ]
[ "$(failures --reason=alloc_contig)" = "alloc_contig " ]
[ "$(failures --pfn="$(sed -n 2p "$data/forms/cma.truth")")" = "alloc_contig " ]
[ "$(failures --comm=longterm)" = "longterm_pin " ]
[ "$(failures --comm=nobody)" = "" ]
[ "$(failures --pid=1)" = "" ]
# holders are found as victims are
holder=$(sed -n '1s/.*pid=\([0-9]*\) .*/\1/p' "$data/forms/cma.truth")
[ "$(failures --pid="$holder")" = "alloc_contig " ]
[ "$(failures --comm=vmsplice_hold)" = "alloc_contig longterm_pin " ]
# times are those of the report
ns=$("$tool" report --format=json --reason=longterm_pin trace.dat | jq '.failures[0].time_ns')
s=$((ns / 1000000000))
[ "$(failures --reason=longterm_pin --time="$s,$((s + 1))")" = "longterm_pin " ]
[ "$(failures --reason=longterm_pin --time=",$s")" = "" ]
[ "$(failures --reason=longterm_pin --time="$s.999999999,")" = "" ] || [ "$((ns % 1000000000))" -eq 999999999 ]
[ "$("$tool" report --format=json --max-stack=2 trace.dat |
	jq '[.holders[].release.stack | length] | max')" -eq 2 ]
"$tool" report -E 1 trace.dat | grep -q 'and [0-9]* more (-E 0 shows all)'
# the file may stand before the options, and trace.dat is the default
"$tool" report trace.dat --reason=alloc_contig > a
"$tool" report --reason=alloc_contig > b
cmp a b

# any page of a folio stands for it, and none beside it does
cat > thp.txt <<'END'
# tracer: nop
         sysctl-100     [000] .....  10.000001: page_pinner_fail_compaction: pfn=0x1200 order=9 refcount=2 expected=2 mapcount=1 pincount=0 reason=compaction kind=no_memory id=0 marked=no repeats=0 nid=0 mt=movable flags=0x0
END
for pfn in 0x1200 0x1201 0x13ff; do
	[ "$("$tool" report --format=json --pfn=$pfn thp.txt | jq '.failures | length')" -eq 1 ]
done
for pfn in 0x11ff 0x1400 0 0xffffffffffffffff; do
	[ "$("$tool" report --format=json --pfn=$pfn thp.txt | jq '.failures | length')" -eq 0 ]
done

# what filters leave alone is said to be of the whole recording
"$tool" report --reason=longterm_pin --time=1,99 trace.dat > out
grep -q '^1 failure of [0-9]* (--reason=longterm_pin --time=1,99) in 1 operation: 1 named$' out
grep -q '^Set aside, in the whole recording$' out
grep -q '^[0-9]* events read, whatever was asked for: ' out
"$tool" report --format=json --pid="$holder" trace.dat | jq -e --arg o "--pid=$holder" \
	'.filter.options == $o and .filter.failures > (.failures | length)' > /dev/null
"$tool" report --format=json trace.dat | jq -e '.filter == null' > /dev/null
! "$tool" report trace.dat | grep -q 'whole recording'
