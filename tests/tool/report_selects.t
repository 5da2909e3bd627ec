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
[ "$("$tool" report --format=json --max-stack=2 trace.dat |
	jq '[.holders[].release.stack | length] | max')" -eq 2 ]
"$tool" report -E 1 trace.dat | grep -q 'and [0-9]* more (-E 0 shows all)'
# the file may stand before the options, and trace.dat is the default
"$tool" report trace.dat --reason=alloc_contig > a
"$tool" report --reason=alloc_contig > b
cmp a b
