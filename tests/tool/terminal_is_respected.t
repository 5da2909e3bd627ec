# SPDX-License-Identifier: GPL-2.0
# description: on a terminal a pager, its width and colours; in a pipe none of them
set -eu
command -v script > /dev/null || { echo "no script(1)"; exit 4; }
xz -dc "$data/forms/trace.dat.xz" > trace.dat
unset NO_COLOR COLUMNS PAGER PAGE_PINNER_PAGER LESS || :

# on_terminal COMMAND: its output, with a terminal of 200 columns
on_terminal()
{
	script -qec "stty cols ${columns:-1000}; $1" /dev/null < /dev/null | tr -d '\r'
}

"$tool" report trace.dat > plain
! grep -q "$(printf '\033')" plain
printf '#!/bin/sh\nsed "s/^/paged: /"\n' > pager
chmod +x pager

on_terminal "PAGER=./pager $tool report trace.dat" > out
grep -q '^paged: .*failures' out
on_terminal "PAGER=./none PAGE_PINNER_PAGER=./pager $tool report trace.dat" > out
grep -q '^paged: .*failures' out
# a pager that is not there hides nothing
on_terminal "PAGER=./none $tool report --color=never trace.dat" | grep -v none: > out
cmp plain out
on_terminal "PAGER=./pager $tool report --no-pager --color=never trace.dat" > out
cmp plain out
on_terminal "PAGER= $tool report --color=never trace.dat" > out
cmp plain out
on_terminal "PAGER=./pager $tool report --format=csv trace.dat" > out
! grep -q '^paged: ' out
PAGER=./pager "$tool" report trace.dat > out
cmp plain out
# who quits early has read enough
printf '#!/bin/sh\nhead -n 1\n' > pager
on_terminal "PAGER=./pager $tool report trace.dat; echo rc=\$?" | grep -q '^rc=0'

on_terminal "PAGER= $tool report trace.dat" > out
grep -q "$(printf '\033')" out
on_terminal "NO_COLOR=1 PAGER= $tool report trace.dat" > out
! grep -q "$(printf '\033')" out

# The table fits the terminal, if it can.
grep -q 'median .*max .*function' plain
columns=70
on_terminal "PAGER= $tool report --color=never trace.dat" > narrow
! grep -q 'median .*max .*function' narrow
grep -q '# failures .*function' narrow
COLUMNS=70 "$tool" report trace.dat > out
cmp narrow out
