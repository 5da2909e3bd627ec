# SPDX-License-Identifier: GPL-2.0
# description: perf.data in every form that perf writes it in: the same report, or its loss told
#
# perf_forms.pl makes the forms; where perf is there and knows the form, it has
# to print the same events as of the original, or the form is none of perf's.
set -eu

for program in perl zstd; do
	command -v "$program" > /dev/null || { echo "no $program"; exit 4; }
done
xz -dc "$data/forms/perf.data.xz" > good

# report FILE: all of it but the file's name; rc is the exit code
report()
{
	rc=0
	timeout 20 "$tool" report --kallsyms="$data/forms/kallsyms" --format=json -o json "$1" \
		2> err || rc=$?
	case $rc in 0 | 3) jq 'del(.trace.file)' json ;; esac
}

# form NAME: make it
form()
{
	rm -rf form
	perl "$data/perf_forms.pl" "$1" good form
	name=$1
}

# exits CODE: what report has to return for the form
exits()
{
	report form > got
	[ "$rc" -eq "$1" ] || { echo "$name: exit $rc, not $1"; cat err; exit 1; }
}

# lost NUMBER: the form's events are all there, and so many are told to be missing
lost()
{
	exits 3
	[ "$(jq .trace.lost json)" -eq "$1" ] && [ "$(jq .trace.events json)" -eq "$events" ] ||
		{ echo "$name: $(jq -c .trace json)"; exit 1; }
}

report good > want
[ "$rc" -eq 0 ]
events=$(jq .trace.events want)
[ "$events" -gt 100 ]

for form in same pipe zstd zstd2 zstream zpipe directory big aux filtered lost_others; do
	form "$form"
	exits 0
	cmp -s want got || { echo "$form differs"; diff want got | head -n 5; exit 1; }
done
# through a real pipe as well
form zpipe
cat form | report - > got
cmp want got

# Are they perf's own forms?  Columns and symbols may differ, events may not.
printed()
{
	perf script -F event,time,trace -i "$1" 2> /dev/null | sed -n 's/^ *\([0-9.]*: .*page_pinner_\)/\1/p' |
		tr -s ' '
}
if command -v perf > /dev/null && printed good > perf.want && [ -s perf.want ]; then
	for form in same pipe zstd directory lost throttle; do
		form "$form"
		printed form > perf.got
		cmp -s perf.want perf.got || { echo "perf does not read $form"; exit 1; }
	done
else
	echo '# no perf that prints them: the forms are not compared with it'
fi

# Losses: once, wherever they are told, and not those of other events.
form lost; lost 7
form lost_samples; lost 7
form lost_twice; lost 7
form throttle; lost 1
# a count without a place touches every verdict
form lost_samples
exits 3
[ "$(jq '[.failures[] | select(.verdict == "named")] | length' json)" -eq 0 ]

# A pipe that was cut: what came is reported.
form pipe
head -c $(($(wc -c < form) * 2 / 3)) form > cut
mv cut form
exits 3
[ "$(jq .trace.events json)" -lt "$events" ]
[ "$(jq .trace.events json)" -gt 10 ]
grep -q 'cut off; what comes before' err
form zpipe
head -c $(($(wc -c < form) - 700)) form > cut
mv cut form
exits 3
# what perf record says on standard error, sent the same way
form pipe
echo '[ perf record: Woken up 1 times to write data ]' >> form
exits 0
cmp want got

# refused WORDS: exit 1 and these words
refused()
{
	exits 1
	[ "$(wc -l < err)" -eq 1 ] && grep -q "$1" err || { cat err; exit 1; }
}
form killed
refused 'did not end in order'
form directory
mv form/data one
rm -r form
mv one form
refused 'give the directory'
form same
head -c 100000 form > cut
mv cut form
refused 'cut off'

# The events were on and nothing failed.
form quiet
exits 0
[ "$(jq -c '[.trace.events, (.failures | length)]' json)" = '[0,0]' ]

# Names of tasks are those of the time.
pid=$(sed -n '1s/.*pid=\([0-9]*\) .*/\1/p' "$data/forms/cma.truth")
comm()
{
	jq -r --argjson pid "$pid" '[.holders[].tasks[] | select(.pid == $pid) | .comm] | unique[]' json
}
cp want json
known=$(comm)
[ -n "$known" ]
form "exec=$pid"; exits 0; [ "$(comm)" = "$known" ]
form "fork=$pid"; exits 0; [ "$(comm)" = parent ]
form "late=$pid"; exits 0; [ "$(comm)" != afterwards ]
