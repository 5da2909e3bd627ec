# SPDX-License-Identifier: GPL-2.0
# description: lines that a mail wrapped: the same story, or a true refusal
set -eu

. "$data/text_lib.sh"
command -v fold > /dev/null || { echo "no fold"; exit 4; }

for form in trace tracecmd perf; do
	xz -dc "$data/forms/$form.txt.xz" > $form.txt
	story $form.txt > want
	for width in 66 72 76 78 80; do
		fold -s -w $width $form.txt > text
		story text > got || { echo "$form at $width: exit $?"; cat err; exit 1; }
		same want got "$form at $width"
		grep -q 'lines were wrapped: joined again$' err
		! grep -q 'torn' err || { echo "$form at $width: torn"; cat err; exit 1; }
	done
	# without the blanks that it was broken at; quoted as a whole, and in part
	fold -s -w 74 $form.txt | sed 's/[ \t]*$//' > trimmed
	sed 's/^/> /' trimmed > quoted
	fold -s -w 72 $form.txt | sed 's/^/> /; s/^> \([a-z]*=\)/\1/' > half
	for text in trimmed quoted half; do
		story $text > got || { echo "$form, $text: exit $?"; cat err; exit 1; }
		same want got "$form, $text"
	done
	sed 's/$/\r/' trimmed > crlf
	story crlf > got
	same want got "$form, crlf"
done

# lines keep their numbers
fold -s -w 76 trace.txt > text
at=$(grep -n 'vmsplice_hold-108.*page_pinner' text | head -n 1 | cut -d: -f1)
sed "${at}s/.*/rubbish/" text > bad
rc=0
"$tool" report bad > out 2> err || rc=$?
[ "$rc" -eq 3 ] && grep -q "the first in line $((at + 1)):\|the first in line $at:" err ||
	{ echo "exit $rc"; cat err; exit 1; }

# Broken at more than one width nobody knows what was one line.
awk 'length($0) > 70 { at = 40 + NR % 30; while (at > 1 && substr($0, at, 1) != " ") at--
	print substr($0, 1, at); print substr($0, at + 1); next } { print }' trace.txt > text
told 1 'wrapped, and where cannot be told with certainty' text
# A terminal breaks lines within words, all in one column; a serial console ends them with CR.
for form in trace tracecmd perf; do
	xz -dc "$data/forms/$form.txt.xz" | expand > $form.txt
	story $form.txt > want
	for width in 76 80 100 132; do
		fold -w $width $form.txt > text
		story text > got || { echo "$form in words at $width: exit $?"; cat err; exit 1; }
		same want got "$form in words at $width"
		sed 's/$/\r\r/' text > crlf
		story crlf > got
		same want got "$form in words at $width, crlf"
	done
done
# What was broken within words in several columns is none of ours.
awk 'length($0) > 70 { at = 40 + NR % 30
	print substr($0, 1, at); print substr($0, at + 1); next } { print }' trace.txt > text
rc=0
"$tool" report text > out 2> err || rc=$?
[ "$rc" -eq 1 ] || [ "$rc" -eq 3 ] || { echo "broken in words: exit $rc"; exit 1; }
! grep -q ' held ' out || { echo "broken in words, and yet named"; cat out; exit 1; }
