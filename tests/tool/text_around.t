# SPDX-License-Identifier: GPL-2.0
# description: whatever logs, pagers, terminals, web pages and mails put around the lines: the same story
#
# The reader has no list of them: that is why there are many here.
set -eu

command -v perl > /dev/null || { echo "no perl"; exit 4; }
. "$data/text_lib.sh"
for of in trace tracecmd perf; do
	xz -dc "$data/forms/$of.txt.xz" > $of.txt
	story $of.txt > want.$of
	for form in $(perl "$data/text_around.pl" list); do
		perl "$data/text_around.pl" "$form" < $of.txt > text
		! cmp -s $of.txt text || [ "$form" = expand ] || [ $of = perf ] ||
			{ echo "$of, $form is no other form"; exit 1; }
		story text > got || { echo "$of, $form: exit $?"; cat err; exit 1; }
		same want.$of got "$of, $form"
		! grep 'lost' err || { echo "$of, $form: loss told, where is none"; exit 1; }
	done
done

# two of them, one around the other
perl "$data/text_around.pl" dmesg-color < trace.txt | perl "$data/text_around.pl" ts | sed 's/$/\r/' > text
story text > got
same want.trace got 'a terminal within ts'
perl "$data/text_around.pl" mail-name < tracecmd.txt | perl "$data/text_around.pl" web > text
story text > got
same want.tracecmd got 'a mail on a web page'
perl "$data/text_around.pl" jenkins < trace.txt | fold -w 100 > text
# where a line with a log's time in front was wrapped is told apart, or not: then it is said
if story text > got; then
	same want.trace got 'a log in a terminal'
else
	grep -q 'its lines were wrapped, and where cannot be told' err || { cat err; exit 1; }
fi

# lines of two files are two stories, however alike their names are
sed 's/ \([79]\)\.\([0-9]*\): / 1\1.\2: /' trace.txt > later.txt
for names in '1 2' 'a b' 'trace1 trace2' 'cpu0 cpu1'; do
	set -- $names
	# as grep finds them, without the head of the second, which tells it as well
	for head in keep drop; do
		{
			sed "s/^/$1.txt:/" trace.txt
			sed "$([ $head = keep ] || echo '/^#/d;') s/^/$2.txt:/" later.txt
		} > text
		rc=0
		"$tool" report text > out 2> err || rc=$?
		[ "$rc" -ne 0 ] && grep -q 'of another file\|two recordings' err ||
			{ echo "$names, $head: exit $rc"; cat err; exit 1; }
	done
done
# CPU by CPU it is one, but not in order
sed 's/\[000\]/[001]/' later.txt > cpu1
cat trace.txt cpu1 > text
told 1 'two recordings\|one CPU behind the other' text
sed 's/\[000\]/[001]/; s/ \([79]\)\.\([0-9]*\): / 0.\2: /' trace.txt > cpu1
cat trace.txt cpu1 > text
told 1 'one CPU behind the other.*tracefs' text

# What somebody left out is missing, and a log that says so has lost it.
for line in '[...]' '<snip>' '--- 8< ---' '[   12.345678] ** 12 printk messages dropped **'; do
	at=$(grep -n 'vmsplice_hold.*page_pinner_unmark' trace.txt | head -n 1 | cut -d: -f1)
	{ head -n $((at - 1)) trace.txt; echo "$line"; tail -n +"$at" trace.txt; } > text
	rc=0
	"$tool" report --format=json -o json text 2> err || rc=$?
	[ "$rc" -eq 3 ] && [ "$(jq .trace.lost json)" -ge 1 ] || { echo "$line: exit $rc"; exit 1; }
done

# stacks of users beside those of the kernel
awk '{ print } /^ => /{ stack = 1; next } ' trace.txt | awk '
	/^ => / { print; in_stack = 1; next }
	in_stack { print "        cma_take-114     [000] .....     7.300000: <user stack trace>"
		   print " =>  <00007f0012345678>"; print " => /usr/bin/a b[+0x1234]"
		   print " => /lib/x.so[+0x12] <00007f0012345678>"; print " => ??"; in_stack = 0 }
	{ print }' > text
story text > got || { cat err; exit 1; }
same want.trace got 'stacks of users'

# page_ref's events, and who holds memory now
perl "$data/page_ref.pl" cma -1 < trace.txt > refs
"$tool" report --format=json -o json refs 2> err
jq 'del(.trace.file)' json > want
for form in web web-blanks web-indent double terminal-clear grep-file logcat-time kmsg; do
	perl "$data/text_around.pl" "$form" < refs > text
	"$tool" report --format=json -o json text 2> err || { echo "page_ref, $form"; cat err; exit 1; }
	jq 'del(.trace.file)' json | cmp - want || { echo "page_ref, $form"; exit 1; }
done
"$tool" holders --format=json -o want "$data/forms/holders"
sed 's/^/# /' "$data/forms/holders" > text
"$tool" holders --format=json -o json text
for json in want json; do
	jq '[.folios[].pfn]' $json > $json.pfns
done
cmp want.pfns json.pfns || { echo 'rows in comments: nobody holds a page'; exit 1; }
