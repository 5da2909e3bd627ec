# SPDX-License-Identifier: GPL-2.0
# description: pipes with and without a name, and packed recordings, are read as files are
set -eu

for program in gzip xz zstd bzip2 bash; do
	command -v "$program" > /dev/null || { echo "no $program"; exit 4; }
done

# report FILE: everything of it but the name of the file
report()
{
	timeout 20 "$tool" report --kallsyms="$data/forms/kallsyms" --format=json -o json "$@" &&
		jq 'del(.trace.file)' json
}

# same WHAT: what was read is what the file says
same()
{
	cmp -s want got || { echo "$form, $1: differs"; diff want got | head -n 5; exit 1; }
}

# refused WORDS FILE: exit 1, one line, these words in it
refused()
{
	rc=0
	timeout 20 "$tool" report "$2" > out 2> err || rc=$?
	[ "$rc" -eq 1 ] && [ ! -s out ] && [ "$(wc -l < err)" -eq 1 ] && grep -q "$1" err ||
		{ echo "$1: exit $rc"; cat err; exit 1; }
}

for form in trace.dat perf.data tracecmd.txt perf.txt trace.txt; do
	xz -dc "$data/forms/$form.xz" > input
	report input > want
	[ "$(jq '.failures | length' want)" -gt 0 ]

	report - < input > got
	same 'standard input, a file'
	cat input | report - > got
	same 'standard input, a pipe'
	cat input | report /dev/stdin > got
	same '/dev/stdin, a pipe'
	bash -c '"$0" report --kallsyms="$1" --format=json -o json <(cat input)' \
		"$tool" "$data/forms/kallsyms"
	jq 'del(.trace.file)' json > got
	same 'a pipe with a name'
	# slowly, in pieces that end within a line and within a number
	{ head -c 7 input; sleep 0.1; tail -c +8 input | head -c 600; sleep 0.1
	  tail -c +608 input; } | report - > got
	same 'a slow pipe'

	for pack in gzip xz 'zstd -q' bzip2; do
		$pack -c < input > packed
		report packed > got
		same "$pack"
		cat packed | report - > got
		same "$pack, a pipe"
		# members one behind the other, blocks filled up with null bytes
		size=$(($(wc -c < input) / 2))
		{ head -c "$size" input | $pack -c; tail -c +$((size + 1)) input | $pack -c
		  head -c 2048 /dev/zero; } > packed
		report packed > got
		same "$pack, two members"
	done
	gzip -c < input | xz -c > packed
	report packed > got
	same 'packed twice'

	{ head -c 70000 /dev/zero; cat input; head -c 70000 /dev/zero; } > padded
	report padded > got
	same 'null bytes around it'
	{ cat input; head -c 300M /dev/zero; } > padded
	report padded > got
	same 'many null bytes behind it'
	rm padded
done

# What is cut off is lost: exit 3, and said so.
form=perf.txt
xz -dc "$data/forms/$form.xz" > input
report input > want
for pack in gzip xz 'zstd -q'; do
	$pack -c < input > packed
	head -c $(($(wc -c < packed) - 60)) packed > cut
	rc=0
	report cut > got 2> err || rc=$?
	[ "$rc" -eq 3 ] && grep -q 'cut: .* cut off' err || { echo "$pack: $rc"; cat err; exit 1; }
	[ "$(jq .trace.lost json)" -ge 1 ]
	head -c 9 packed > cut
	refused 'cut off' cut
done
{ head -c 1300 packed; head -c 40 packed; tail -c +1341 packed; } > bad
refused 'damaged' bad

# What unpacks to too much is not unpacked.
form=trace.dat
xz -dc "$data/forms/$form.xz" > input
{ cat input; head -c 4G /dev/zero; } | zstd -q -1 -c > bomb
refused 'more than 4096 MiB' bomb

# What is not read is named.
xz -dc "$data/forms/perf.txt.xz" > input
iconv -f UTF-8 -t UTF-16 input > wide
refused 'UTF-16' wide
iconv -f UTF-8 -t UTF-16BE input > wide
refused 'UTF-16' wide
printf 'SIMPLEPERF\0\0' > foreign
refused 'simpleperf' foreign
printf 'PERFFILE\150\0\0\0\0\0\0\0' > foreign
refused 'version 1' foreign
tar cf foreign input
refused 'tar archive' foreign
cp "$tool" foreign
refused 'ELF' foreign

# A place that cannot hold a pipe is named.
rc=0
xz -dc "$data/forms/trace.dat.xz" | TMPDIR=/nowhere "$tool" report - > out 2> err || rc=$?
[ "$rc" -eq 1 ]
grep -q 'cannot be kept in /nowhere: No such file' err
