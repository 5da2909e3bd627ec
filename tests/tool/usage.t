# SPDX-License-Identifier: GPL-2.0
# description: a wrong command line is exit 2 and one line; help is exit 0
set -eu

wrong()
{
	rc=0
	"$tool" "$@" > out 2> err || rc=$?
	[ "$rc" -eq 2 ] || { echo "exit $rc: $*"; exit 1; }
	[ ! -s out ]
	[ "$(wc -l < err)" -eq 1 ] || { cat err; exit 1; }
	grep -q '^page_pinner: ' err
}

wrong
wrong frobnicate
wrong report --frobnicate
wrong report -o
wrong report --format=xml
wrong report --key=beauty
wrong report --entries=-1
wrong report --pfn=0xgg
wrong report --color=sometimes
wrong report one two
wrong report --time=5
wrong report --time=a,b
wrong report --fields=beauty
wrong report -x ''
wrong report -x trace.dat
wrong report -x 7
wrong report --explain=first
wrong report --explain=0
wrong report --reason=foo
wrong report --time=2,1
wrong report --by=color
wrong report --comm=
wrong record --reason=foo
wrong record --clock=sundial
"$tool" report --reason=foo 2> err || :
grep -q '^page_pinner: --reason: not one of alloc_contig, compaction, .*, device: foo$' err
"$tool" --version | grep -qE '^page_pinner [0-9.]+$'
"$tool" report --version | grep -qE '^page_pinner [0-9.]+$'
"$tool" --help | grep -q 'usage: page_pinner'
"$tool" report --help | grep -q 'Exit status'
# escapes of a terminal do not get through
rc=0
"$tool" report "$(printf 'bad\033[31mname')" 2> err || rc=$?
[ "$rc" -eq 1 ]
! grep -q "$(printf '\033')" err
