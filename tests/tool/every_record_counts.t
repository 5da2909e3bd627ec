# SPDX-License-Identifier: GPL-2.0
# description: of a file of any size every record is read, and read once
set -eu
command -v trace-cmd > /dev/null || { echo "no trace-cmd"; exit 4; }
"$data/../bench/prepare.sh" . corpus bare

# The first MB is read by the process that judges, the rest by another one.
failed=
for size in 1 2 8; do
	./corpus watched small6.dat large.dat "$size"
	records=$(./bare large.dat)
	"$tool" report --format json large.dat > out.json
	events=$(sed -n 's/^    "events": \([0-9]*\),$/\1/p' out.json)
	# each event has its stack behind it
	echo "$size MB: $events events, $records records"
	[ "$records" -eq $((2 * events)) ] || failed=1
done
rm -f ./*.dat
[ -z "$failed" ]
