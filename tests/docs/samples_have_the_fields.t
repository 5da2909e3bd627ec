#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the events shown in the kernel document have the fields that the
# kernel prints, in that order

set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."

doc=Documentation/mm/page_pinner.rst
header=include/trace/events/page_pinner.h

# The keys of a line of key=value words.
keys()
{
	tr ' ' '\n' | sed -n 's/=.*//p' | tr '\n' ' '
}

# What the event class prints: the keys of its TP_printk() format.
printed()
{
	awk -v class="$1" '
		$0 ~ "^(DECLARE_EVENT_CLASS|TRACE_EVENT_FN)\\(" class "," { on = 1 }
		on && /TP_printk\(/ { sub(/.*TP_printk\("/, ""); sub(/",$/, ""); print; exit }' \
		"$header" | keys
}

echo "TAP version 13"
echo "1..4"
bad=0
n=0
for pair in fail:page_pinner_fail_alloc_contig ref:page_pinner_get \
	ref:page_pinner_put unmark:page_pinner_unmark; do
	n=$((n + 1))
	event=${pair#*:}
	want=$(printed "page_pinner_${pair%%:*}")
	got=$(sed -n "s/.* $event: //p" "$doc" | head -n 1 | keys)
	if [ -n "$want" ] && [ "$want" = "$got" ]; then
		echo "ok $n - $event"
	else
		echo "not ok $n - $event: printed are \"$want\", shown are \"$got\""
		bad=1
	fi
done
exit "$bad"
