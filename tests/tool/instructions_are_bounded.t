# SPDX-License-Identifier: GPL-2.0
# description: small files cost little more than the library's opening of them, and
# large ones the same for each record, however many there are
set -eu
[ -z "${SANITIZED-}" ] || { echo "sanitizers have instructions of their own"; exit 4; }
command -v valgrind > /dev/null || { echo "no valgrind"; exit 4; }
command -v trace-cmd > /dev/null || { echo "no trace-cmd"; exit 4; }
bench=$data/../bench

# What was measured when these were set, with a tenth on top: a change that costs
# more says so here.  Instructions depend on compiler and libraries, too.
. "$bench/bounds"

for program in corpus bare; do
	# shellcheck disable=SC2046
	cc -O2 -o "$program" "$bench/$program.c" \
		$(pkg-config --cflags --libs libtracecmd libtracefs libtraceevent)
done
xz -dc "$data/forms/trace.dat.xz" > small.dat
trace-cmd convert -i small.dat -o small6.dat --file-version 6 --compression none > log 2>&1

# instructions COMMAND...: of the child that does the work, in millions
instructions()
{
	valgrind --tool=callgrind --trace-children=yes --callgrind-out-file=/dev/null "$@" \
		2> counts > out
	sed -n 's/.*Collected : \([0-9]*\)$/\1/p' counts | sort -n | tail -n 1
}

# at_most WHAT VALUE BOUND
at_most()
{
	echo "$1: $2, at most $3"
	[ "$2" -le "$3" ] || failed=1
}
failed=

bare=$(instructions ./bare small.dat)
ours=$(instructions "$tool" report small.dat)
at_most "a small file, in hundredths of the bare iteration" "$((ours * 100 / bare))" "$small"

for kind in failures watched marks; do
	./corpus "$kind" small6.dat two.dat 2
	./corpus "$kind" small6.dat four.dat 4
	./corpus "$kind" small6.dat eight.dat 8
	i2=$(instructions "$tool" report two.dat)
	i4=$(instructions "$tool" report four.dat)
	i8=$(instructions "$tool" report eight.dat)
	r2=$(./bare two.dat) r4=$(./bare four.dat) r8=$(./bare eight.dat)
	first=$(((i4 - i2) / (r4 - r2)))
	second=$(((i8 - i4) / (r8 - r4)))
	eval "bound=\$$kind"
	at_most "$kind, a record" "$second" "$bound"
	# twice as many must not make each cost more
	at_most "$kind, a record, when there are twice as many" "$second" "$((first * 13 / 10))"
done
[ -z "$failed" ]
