# SPDX-License-Identifier: GPL-2.0
# description: times of clocks that count no nanoseconds are never called seconds, from any form
set -eu
command -v trace-cmd > /dev/null || { echo "no trace-cmd"; exit 4; }
command -v python3 > /dev/null || { echo "no python3"; exit 4; }
command -v perl > /dev/null || { echo "no perl"; exit 4; }
xz -dc "$data/forms/trace.dat.xz" > trace.dat
trace-cmd convert -i trace.dat -o plain.dat --file-version 6 --compression none > log 2>&1

# The list of clocks is an option of the file, the one in use in brackets; another
# option, at the front, tells how to turn a counter into nanoseconds.
cat > clock.py <<'END2'
import struct, sys
text = open("plain.dat", "rb").read()
clock, options = sys.argv[1].encode(), b"".join(
    struct.pack("<HI", int(o.split("=")[0]), len(bytes.fromhex(o.split("=")[1]))) +
    bytes.fromhex(o.split("=")[1]) for o in sys.argv[2:])
table = text.index(b"flyrecord\0") + 10
first = struct.unpack_from("<Q", text, table)[0]
at = text.index(b"options  \0") + 10
here = text.index(b"[local]", at)
end = text.index(b"\0", here)
names = b"local [" + clock + b"]"
assert end - here >= len(names), (end - here, names)
head = text[:at] + options + text[at:here] + names.ljust(end - here, b" ") + text[end:first]
assert not options or not any(head[first:])
open("clock.dat", "wb").write(head[:first] + text[first:])
END2

# no_seconds FILE WORD: no time in it is one of a second, and WORD says what it is
no_seconds()
{
	"$tool" report "$1" > out 2> err
	! grep -v '^Times are' out | grep -E '[0-9] (s|ms|us|ns)\b' || { echo "$1: seconds"; exit 1; }
	grep -q "$2" out || { echo "$1: not told: $2"; sed -n 1,12p out; exit 1; }
	grep -q 'held at least [0-9]* ticks by 1 pipe reference' out
	"$tool" report --format=json "$1" | jq -e '.trace.clock == "ticks" and .trace.date_ns == 0' > /dev/null
}

"$tool" report trace.dat > want
for clock in x86-tsc ppc-tb s390-tod riscv-new; do
	python3 clock.py $clock
	no_seconds clock.dat "Times are ticks of the clock $clock whose"
done
python3 clock.py counter
no_seconds clock.dat 'clock counter: they tell the order of events, and no time'
python3 clock.py uptime
no_seconds clock.dat 'clock uptime: its ticks are of 10 ms'
# with --date, too: ticks have no date
python3 clock.py x86-tsc "1=$(printf '0x645e1a1c3d400\0' | od -An -tx1 | tr -d ' \n')"
no_seconds clock.dat 'clock x86-tsc'
for clock in local global perf mono mono_raw boot tai; do
	python3 clock.py $clock
	"$tool" report clock.dat | sed 's/clock\.dat/trace.dat/' | cmp want - ||
		{ echo "$clock is no clock of nanoseconds"; exit 1; }
done

# trace-cmd -C tsc2nsec: its library makes nanoseconds of the counter's ticks, here one of each
python3 clock.py x86-tsc "14=01000000000000000000000000000000"
"$tool" report clock.dat | sed 's/clock\.dat/trace.dat/' | cmp want -

# text of such clocks has no fraction
python3 clock.py x86-tsc
trace-cmd report --raw-ts -i clock.dat > text 2> /dev/null
no_seconds text 'ticks of a clock whose rate'
xz -dc "$data/forms/trace.txt.xz" | perl "$data/text_form.pl" ticks > text
no_seconds text 'ticks of a clock whose rate'
