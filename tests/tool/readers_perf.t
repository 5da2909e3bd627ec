# SPDX-License-Identifier: GPL-2.0
# description: perf.data: interrupt context, shared id lists, what perf script must read
set -eu

command -v perl > /dev/null || { echo "no perl"; exit 4; }
xz -dc "$data/forms/perf.data.xz" > good

holder()
{
	"$tool" report --kallsyms="$data/forms/kallsyms" --format=json "$1" |
		jq -r --argjson pid "$pid" '[.holders[] | select(any(.tasks[]; .pid == $pid))] |
			"\(length) \(map(.released_in_irq) | add // 0)"'
}

# refused WORD FILE: exit 1 soon, and says so
refused()
{
	rc=0
	timeout 10 "$tool" report "$2" > out 2> err || rc=$?
	[ "$rc" -eq 1 ] && grep -q "$1" err || { echo "$2: exit $rc"; cat err; exit 1; }
}

# The holder's puts, as if an interrupt had made them: its task is a bystander.
pid=$(sed -n '1s/.*pid=\([0-9]*\) .*/\1/p' "$data/forms/cma.truth")
[ "$(holder good)" = '1 0' ] || { echo "good: $(holder good)"; exit 1; }
perl -0777 -pe 's/(\x66\x01)(.)(.\x6c\0\0\0)/$1 . chr(ord($2) | 8) . $3/gse' good > irq
! cmp -s good irq
"$tool" report --kallsyms="$data/forms/kallsyms" --format=json irq > json
jq -e '[.holders[].released_in_irq] | add > 0' json > /dev/null

# 20000 attributes that share one list of 400000 ids
perl -e '
	my ($n, $size, $ids) = (20000, 144, 400000);
	my $at = 104 + $n * $size;
	print "PERFILE2", pack("Q<12", 104, $size, 104, $n * $size, $at + 8 * $ids, 8, (0) x 7);
	print +("\0" x 24 . pack("Q<", 0x10000) . "\0" x ($size - 48) .
		pack("Q<2", $at, 8 * $ids)) x $n;
	print pack("Q<", $_) for 1 .. $ids;
	print "\0" x 8;' > shared
refused 'not a complete perf.data' shared

printf 'PERFILE2\020\0\0\0\0\0\0\0' > pipe
head -c 100 good >> pipe
refused 'cut off before any' pipe
