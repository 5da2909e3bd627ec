# SPDX-License-Identifier: GPL-2.0
# description: small files cost little more than the library's opening of them, and
# large ones the same for each record, and the same memory, however many there are
set -eu
[ -z "${SANITIZED-}" ] || { echo "sanitizers have instructions of their own"; exit 4; }
command -v valgrind > /dev/null || { echo "no valgrind"; exit 4; }
command -v trace-cmd > /dev/null || { echo "no trace-cmd"; exit 4; }
bench=$data/../bench

# What was measured when these were set, and a little on top: a change that costs
# more says so here.  Instructions depend on compiler and libraries, too.
. "$bench/bounds"

"$bench/prepare.sh" . corpus bare measure

# instructions COMMAND...: of all its processes; each begins with those of the one it
# was forked from, so only differences tell
instructions()
{
	valgrind --tool=callgrind --trace-children=yes --callgrind-out-file=/dev/null "$@" \
		2> counts > out
	sed -n 's/.*Collected : \([0-9]*\)$/\1/p' counts | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# memory FILE: the most that a report of it takes beyond the bare iteration, in KiB
memory()
{
	most=$(./measure 1 "$tool" report "$1" | cut -d ' ' -f 2)
	echo "$((most - $(./measure 1 ./bare "$1" | cut -d ' ' -f 2)))"
}

# at_most WHAT VALUE BOUND: ends the test at once, for what is quadratic takes long
at_most()
{
	echo "$1: $2, at most $3"
	[ "$2" -le "$3" ] || { rm -f ./*.dat; exit 1; }
}

# one process reads and judges a small one, a short one waits for it
bare=$(instructions ./bare small.dat)
ours=$(instructions "$tool" report small.dat)
at_most "a small file, in hundredths of the bare iteration" "$((ours * 100 / bare))" "$small"

# slopes KIND: sets $first and $second, of 2 to 4 MB and of 4 to 8
slopes()
{
	for size in 2 4 8; do
		./corpus "$1" small6.dat "$size.dat" "$size"
		eval "i$size=\$(instructions \"\$tool\" report $size.dat) r$size=\$(./bare $size.dat)"
	done
	first=$(((i4 - i2) / (r4 - r2)))
	second=$(((i8 - i4) / (r8 - r4)))
}

for kind in unmarked failures watched; do
	slopes "$kind"
	eval "bound=\$$kind"
	at_most "$kind, instructions a record" "$second" "$bound"
	# four times as many must not make each cost more
	at_most "$kind, instructions a record, when there are more" "$second" \
		"$((first * 13 / 10))"
done

# A step that is quadratic in what is under one mark shows in a mark that is long,
# one that is taken again at each attempt in one that is tried again and again.
for kind in marks retries; do
	for size in 4 8; do
		./corpus "$kind" small6.dat long.dat "$size"
		eval "i$size=\$(instructions \"\$tool\" report long.dat) r$size=\$(./bare long.dat)"
	done
	eval "bound=\$$kind"
	at_most "$kind, instructions a record" "$(((i8 - i4) / (r8 - r4)))" "$bound"
done

# What nobody records on purpose: pages that never come again, a page that is never given
# back, marked again and again, marks that stay, tasks and stacks that differ each time.
for kind in pages held remarked alive tasks stacks; do
	slopes "$kind"
	at_most "$kind, instructions a record, when there are more" "$second" \
		"$((first * 13 / 10))"
done

# No more memory for four times as many records: but for marks, which are told one by one.
for kind in unmarked watched marks; do
	./corpus "$kind" small6.dat some.dat 24
	./corpus "$kind" small6.dat more.dat 96
	# what a page more or less makes is no growth
	at_most "$kind, memory in KiB, of four times as many" "$(memory more.dat)" \
		"$(($(memory some.dat) * 11 / 10 + 256))"
done
rm -f ./*.dat
