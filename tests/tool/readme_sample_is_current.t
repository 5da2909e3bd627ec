# SPDX-License-Identifier: GPL-2.0
# description: the report in README is one of this program: its parts, its columns, and
# the words of an answer, of an account and of the last line
set -eu
readme=$data/../../README.md
sed -n '/^<!-- report: begin/,/^<!-- report: end/s/^    //p' "$readme" > sample
[ "$(wc -l < sample)" -gt 25 ]
xz -dc "$data/forms/trace.dat.xz" > trace.dat
COLUMNS=76 "$tool" report --reason=alloc_contig trace.dat > report

# frame FILE: what all reports have in common, without numbers and names
frame()
{
	sed -n '/^[A-Z][a-z ]*$/p
		/^ *# failures/p; /^ *failures .*by holder/p
		/^[0-9]* events read/p
		/could not take pfn/p
		/^Page pinner report/s/:.*//p
		/^      refcount.*=/s/ = .*/ =/p
		/^      -> page_cache_pipe_buf_release/p' "$1" |
	sed 's/0x[0-9a-f]*/X/g; s/[0-9][0-9.]*/N/g; s/N \(ns\|us\|ms\|s\)\>/T/g; s/  */ /g
		s/ *$//; s/\<vmsplice_hold\>/HOLDER/g
		s/\(could not take pfn X\).*/\1/' |
	grep -v "^Failures for which" | awk '!seen[$0]++'
}
frame sample > want
frame report > got
[ "$(wc -l < got)" -ge 8 ]
diff want got || { echo "make readme"; exit 1; }
