# SPDX-License-Identifier: GPL-2.0
# description: one story in every form of text: the same verdicts, holders, tasks and counts
#
# The forms are written by text_form.pl from what tracefs and perf script wrote
# of the run that forms/README tells of.
set -eu

command -v perl > /dev/null || { echo "no perl"; exit 4; }
. "$data/text_lib.sh"
xz -dc "$data/forms/trace.txt.xz" > trace.txt
xz -dc "$data/forms/perf.txt.xz" > perf.txt

story trace.txt > want
grep -q '^alloc_contig .* named .* 108 vmsplice_hold' want
story perf.txt > got
same want got perf.txt

for form in $(perl "$data/text_form.pl" list); do
	case $form in
	perf-*) of=perf.txt ;;
	*) of=trace.txt ;;
	esac
	perl "$data/text_form.pl" "$form" < "$of" > text
	! cmp -s "$of" text || [ "$form" = crlf ] || { echo "$form is no other form"; exit 1; }
	story text > got || { echo "$form: exit $?"; cat err; exit 1; }
	same want got "$form"
	! grep 'lost' err || { echo "$form: loss told, where is none"; exit 1; }
done

# Names of tasks are anybody's choice.
while read -r comm; do
	sed "s/ vmsplice_hold / $(echo "$comm" | sed 's,[/&\\],\\&,g') /g; s/ vmsplice_hold$/ $comm/" \
		want > wanted
	for form in comm perf-comm perf-comm-no-cpu; do
		case $form in
		perf-*) of=perf.txt ;;
		*) of=trace.txt ;;
		esac
		perl "$data/text_form.pl" "$form" "$comm" < "$of" > text
		story text > got || { echo "$form, $comm: exit $?"; cat err; exit 1; }
		same wanted got "$form, $comm"
	done
done <<-'END'
	io7[2]
	a => b
	=> vfs_read
	=> abcdefghijkl
	beef cafe
	dead beef
	# x
	tmux: server
	(sd-pam)
	[000]
	1.500000:
	a-1 [0] 1.1: x:
	a 1 [0] 1.1: x:
	page_pinner_put
	PERF_RECORD_LOS
	CPU:1 [LOST 3 E
	x (123)
	7
	foo 7
	foo 7 8
	> quoted
	-5
	a-5
	x: 12-3
	cpus=2
END

# What a form leaves out is said in the report.
perl "$data/text_form.pl" ticks < trace.txt > text
"$tool" report text | grep -q 'ticks of a clock'
perl "$data/text_form.pl" perf-no-time < perf.txt > text
"$tool" report text | grep -q 'has no times'
