# SPDX-License-Identifier: GPL-2.0
# description: --vmlinux shows inlined functions, wherever the kernel was loaded; verdicts stay
set -eu

for program in perl gcc ld; do
	command -v "$program" > /dev/null || { echo "no $program"; exit 4; }
done
xz -dc "$data/forms/perf.data.xz" > perf.data
cp "$data/forms/kallsyms" kallsyms

# kernel SHIFT [SYMBOLS]: a vmlinux that runs at SHIFT above where it was linked
kernel()
{
	perl "$data/vmlinux.pl" "${2-kallsyms}" "$1" kernel
	gcc -g -O2 -mcmodel=kernel -fno-pic -fno-pie -fcf-protection=none -c kernel.c
	ld -static -no-pie -T kernel.ld -o vmlinux kernel.o
}

# report OPTION...: exit code in rc
report()
{
	rc=0
	timeout 60 "$tool" report --format=json -o json "$@" perf.data 2> err || rc=$?
	[ "$rc" -eq 0 ] || { cat err; exit 1; }
}

# All but the stacks: what is found is the same.
verdicts()
{
	jq 'walk(if type == "object" then del(.stack, .lines) else . end)' json
}

report --kallsyms=kallsyms
verdicts > want
[ "$(jq '.holders | length' want)" -gt 0 ]
! grep -q inner json

for shift in 0 1c00000; do
	kernel "$shift"
	report --kallsyms=kallsyms --vmlinux=vmlinux
	[ ! -s err ] || { cat err; exit 1; }
	verdicts | cmp - want
	jq -c '.holders[0].release | [.stack[0:6], (.lines[0:6] | map(sub(":[0-9]+"; "")))]' json > got
	echo '[["innermost_page_cache_pipe_buf_release","middle_page_cache_pipe_buf_release",'\
'"page_cache_pipe_buf_release","innermost_pipe_read","middle_pipe_read","pipe_read"],'\
'["kernel.c (inlined)","kernel.c (inlined)","kernel.c",'\
'"kernel.c (inlined)","kernel.c (inlined)","kernel.c"]]' | cmp - got || { cat got; exit 1; }
	# the lines are those of the calls
	line=$(grep -n 'middle_pipe_read();' kernel.c | cut -d: -f1)
	[ "$(jq -r '.holders[0].release.lines[5]' json)" = "kernel.c:$line" ]
	line=$(grep -n '	innermost_pipe_read();' kernel.c | cut -d: -f1)
	[ "$(jq -r '.holders[0].release.lines[4]' json)" = "kernel.c:$line (inlined)" ]
done
"$tool" report --kallsyms=kallsyms --vmlinux=vmlinux perf.data > text
grep -q '^ *innermost_pipe_read (inlined) kernel.c:[0-9]*$' text
grep -q '^ *pipe_read kernel.c:[0-9]*$' text

# Without symbols in perf.data, those of vmlinux are taken: perf says where _text was.
report --vmlinux=vmlinux
[ ! -s err ] || { cat err; exit 1; }
verdicts | cmp - want
jq -e '.holders[0].release.stack[0] == "innermost_page_cache_pipe_buf_release"' json > /dev/null

# Without any, the report says what would help; with some it does not.
"$tool" report perf.data > text
grep -q 'addresses in stacks have no name: give --kallsyms' text
"$tool" report --vmlinux=vmlinux perf.data > text
! grep -q 'have no name' text

# Where it was loaded cannot be known: said, and the rest is reported.
perl "$data/perf_forms.pl" nowhere perf.data nowhere
mv perf.data good
mv nowhere perf.data
report --vmlinux=vmlinux
[ "$(wc -l < err)" -eq 1 ]
grep -q 'vmlinux: not used: where the kernel was loaded' err
mv good perf.data

# Text has no addresses.
xz -dc "$data/forms/perf.txt.xz" > perf.txt
"$tool" report --vmlinux=vmlinux perf.txt > text 2> err
[ "$(wc -l < err)" -eq 1 ]
grep -q 'vmlinux: not used: a recording as text' err

# Another build: functions have moved against each other.
perl -pe 'BEGIN { no warnings "portable" } s/^(\w+)/sprintf "%x", (hex $1) + 64 * $./e' \
	kallsyms > moved
kernel 1c00000 moved
report --kallsyms=kallsyms --vmlinux=vmlinux
[ "$(wc -l < err)" -eq 1 ]
grep -q 'vmlinux: not used: of another build' err
verdicts | cmp - want

# A module, by itself and in a directory; its sections are anywhere.
sed 's/ pipe_read$/ pipe_read	[pi_pe]/; s/ page_cache_pipe_buf_release$/&	[pi_pe]/' \
	kallsyms > modules
report --kallsyms=modules
verdicts > want
kernel 1c00000 modules
perl "$data/vmlinux.pl" modules 0 pi_pe
gcc -g -O2 -fno-pic -mcmodel=kernel -fcf-protection=none -c -o pi-pe.ko pi_pe.c
mkdir -p lib/deep
for form in pi-pe.ko lib; do
	[ "$form" != lib ] || mv pi-pe.ko lib/deep
	report --kallsyms=modules --vmlinux=vmlinux --vmlinux="$form"
	[ ! -s err ] || { cat err; exit 1; }
	verdicts | cmp - want
	jq -r '.holders[0].release.lines[3:7] | join(" ")' json > got
	grep -q '^pi_pe.c:[0-9]* (inlined) pi_pe.c:.* pi_pe.c:[0-9]* kernel.c:' got || { cat got; exit 1; }
done

# What is no debug information is an error.
refused()
{
	rc=0
	"$tool" report --kallsyms=kallsyms --vmlinux="$2" perf.data > out 2> err || rc=$?
	[ "$rc" -eq 1 ] && [ ! -s out ] && [ "$(wc -l < err)" -eq 1 ] && grep -q "$1" err ||
		{ echo "$2: exit $rc"; cat err; exit 1; }
}
mkdir empty
refused 'No such file' missing
refused 'not an ELF' kallsyms
refused 'no modules' empty
strip -g -o stripped vmlinux
refused 'no debug information' stripped
