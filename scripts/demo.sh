#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The demonstration: boots the guest, lets three migrations fail over three
# holders while trace-cmd records, brings the recording home and prints the
# report on it.  Succeeds only if the report names the true holders.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] KERNEL INITRAMFS DIRECTORY"
	echo "DIRECTORY gets trace.dat, report.txt and report.json."
}

die()
{
	echo "demo: $*" >&2
	exit 1
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 3 ] || { usage >&2; exit 2; }
kernel=$1
initramfs=$2
dir=$3
here=$(cd "$(dirname "$0")" && pwd)
tool=$here/../tools/page_pinner/page_pinner

mkdir -p "$dir"
rm -f "$dir/trace.dat" "$dir/report.txt" "$dir/report.json"
"$here/stage.sh" "guest: fail and record" "$dir/guest.log" \
	"$here/../tests/guest/run.sh" -k "$kernel" -i "$initramfs" \
	-o "$dir/guest" -t 300 demo
mv "$dir/guest/results/demo/trace.dat" "$dir/trace.dat"

for format in text json; do
	case $format in
	text) out=$dir/report.txt ;;
	json) out=$dir/report.json ;;
	esac
	"$tool" report --format="$format" "$dir/trace.dat" > "$out" ||
		die "$dir/trace.dat: page_pinner report exited with $?"
done
cat "$dir/report.txt"

"$here/../tests/guest/check_demo.sh" "$dir/guest/results/demo" \
	"$dir/report.json" > "$dir/verdict.tap" || {
	grep '^not ok\|^#' "$dir/verdict.tap" >&2 || :
	die "the report does not name the true holders, see $dir/verdict.tap"
}
sed -n 's/^ok [0-9]* /  true: /p' "$dir/verdict.tap" >&2
