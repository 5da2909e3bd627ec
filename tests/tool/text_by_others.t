# SPDX-License-Identifier: GPL-2.0
# description: texts that nobody of this project made: refused by a true line, and read with a story in them
#
# They stand beside the repository, in ../shared/recordings: they are not ours to
# copy.  RECORDINGS=dir takes them from elsewhere.
set -eu

. "$data/text_lib.sh"
others=${RECORDINGS:-$data/../../../shared/recordings}
[ -d "$others" ] || { echo "no recordings by others in $others"; exit 4; }

told 1 'no page_pinner events recorded' "$others/android-systrace.txt"
told 1 'no page_pinner events recorded' "$others/atrace-missing-tgids.txt"
told 1 'no page_pinner events recorded' "$others/perf-script-java-faults.txt"
told 1 'no page_pinner events recorded' "$others/perf-script-mirageos.txt"
told 1 'no page_pinner events recorded' "$others/trace-cmd-filesystem.txt"
told 1 'function_graph' "$others/function-graph.txt"

# With our story in the middle of them they have it.
xz -dc "$data/forms/trace.txt.xz" | sed '/^#/d' > ours.txt
story ours.txt > want
sed 's/ \[/  (-----) [/' ours.txt > tgid.txt
{ sed -n '1,40p' "$others/atrace-missing-tgids.txt"
  cat tgid.txt; } > text
sed -i 's/ 1212\./    1./' text
story text > got || { cat err; exit 1; }
same want got 'inside of atrace'
xz -dc "$data/forms/perf.txt.xz" > perf.txt
story perf.txt > want
{ sed 's/ 51499\./ 1./' "$others/perf-script-java-faults.txt"; cat perf.txt; } > text
story text > got || { cat err; exit 1; }
same want got 'behind page faults of perf script'

