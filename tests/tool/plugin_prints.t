# SPDX-License-Identifier: GPL-2.0
# description: trace-cmd prints the events through the plugin with the values that the
# kernel's own format gives them, the program reads that text as it reads the
# recording, and no record, however damaged, is read beyond its end
set -eu
plugin=$(dirname "$tool")/plugin_page_pinner.so
libs=$(pkg-config --cflags --libs libtraceevent)

# --- made-up records, each up to a page that must not be read
san=
[ -z "${SANITIZED-}" ] || san=-fsanitize=address,undefined
# shellcheck disable=SC2086
${CC:-cc} -O1 -g -Wall $san -o print "$data/plugin_print.c" $libs -ldl
cat > want <<'END'
pfn=0x3bb2e order=9 refcount=4 delta=+1 expected=2 unexpected=2 mapcount=1 reason=alloc_contig id=7 ctx=softirq seq=3 flags=0x2082c (6.12:referenced|uptodate|lru|owner_2|swapbacked)
pfn=0x3bb2e order=9 refcount=4 delta=-1024 expected=-1 unexpected=? mapcount=1 reason=of_a_newer_kernel id=7 ctx=softirq seq=3 flags=0x0
pfn=0xffffffffffffffff order=255 refcount=-1 delta=-1 expected=-1 unexpected=? mapcount=-1 reason=255 id=4294967295 ctx=255 seq=4294967295 flags=0xffffffffffffffff (6.12:locked|writeback|referenced|uptodate|dirty|lru|head|waiters|active|workingset|owner_priv_1|owner_2|arch_1|reserved|private|private_2|reclaim|swapbacked|unevictable)
pfn=0x3bb2e order=9 refcount=4 delta=+1 expected=2 unexpected=2 mapcount=1 reason=78 id=7 ctx=softirq seq=3 flags=0x2082c (6.12:referenced|uptodate|lru|owner_2|swapbacked)
END
cut='pfn=0x3bb2e order=9 refcount=4 delta=+1 expected=2 unexpected=2 mapcount=1 reason=78 id=7 ctx=softirq seq=3 flags=?'
for _ in 55 54 53 52 51 50 49 48 47 46; do
	echo "$cut"
done >> want
cat >> want <<'END'
pfn=? order=? refcount=? delta=? expected=? unexpected=? mapcount=? reason=? id=? ctx=? seq=? flags=?
pfn=0x3bb2e delta=+7 reason=? id=? seq=? gadget=4
why=7 age_ns=2033248743 (2.033s)
END
./print "$plugin" > got 2> err || { echo "the cases: exit $?"; cat got err; exit 1; }
diff want got
# told another kernel, it does not make up names; told one it knows, it need not presume
./print "$plugin" 6.1.0 2> err | head -n 1 | grep -q 'flags=0x2082c$'
./print "$plugin" 6.12.117 2> err | head -n 1 | grep -q ' (referenced|uptodate|lru|'
for n in 1 2 3 4 5 6; do
	./print "$plugin" "$n" 2000 > out 2> err || { echo "seed $n: exit $?"; tail -n 3 err; exit 1; }
	[ "$(grep -c = out)" -gt 500 ] || { echo "seed $n: nothing was printed"; exit 1; }
	! grep -q '[^ -~]' out || { echo "seed $n: not text"; exit 1; }
done

# --- a real recording, as the kernel's format prints it and through the plugin
[ -z "${SANITIZED-}" ] || exit 0	# trace-cmd has no sanitizers to load it with
command -v trace-cmd > /dev/null || { echo "no trace-cmd"; exit 4; }
xz -dc "$data/forms/trace.dat.xz" > trace.dat
mkdir plugins
cp "$plugin" plugins/
TRACEEVENT_PLUGIN_DIR=$PWD/plugins
export TRACEEVENT_PLUGIN_DIR
trace-cmd report -n page_pinner trace.dat > plain.txt 2> err
trace-cmd report trace.dat > pretty.txt 2> err
events=$(grep -c ' page_pinner_[a-z_]*: ' plain.txt)
[ "$events" -gt 100 ]
[ "$(grep -c ' delta=+[0-9]' pretty.txt)" -eq "$(grep -c ' delta=[0-9]' plain.txt)" ]
[ "$(grep -c ' flags=0x[0-9a-f]* (6.12:[a-z0-9_|]*)' pretty.txt)" -gt 0 ]
# words: in any order, less what the plugin adds
words()
{
	grep ' page_pinner_[a-z_]*: ' "$1" |
	awk '{
		line = ""; n = 0
		for (i = 1; i <= NF; i++) {
			if ($i ~ /^[(].*[)]$/ || $i ~ /^unexpected=/) continue
			sub(/^delta=[+]/, "delta=", $i)
			word[++n] = $i
		}
		for (i = 1; i <= n; i++)	# few enough for the simplest of sorts
			for (j = i + 1; j <= n; j++)
				if (word[j] < word[i]) { w = word[i]; word[i] = word[j]; word[j] = w }
		for (i = 1; i <= n; i++) line = line " " word[i]
		print line
	}'
}
words plain.txt > plain.words
words pretty.txt > pretty.words
diff plain.words pretty.words > differ || { head -n 6 differ; exit 1; }
# what it adds is true
awk '/ unexpected=/ {
	for (i = 1; i <= NF; i++) { split($i, kv, "="); v[kv[1]] = kv[2] }
	if (v["unexpected"] != v["refcount"] - v["expected"]) { print; bad = 1 }
	n++
} END { exit bad || !n }' pretty.txt

# --- and the program reads that text as it reads the other
for text in plain pretty; do
	"$tool" report --format=json -o json "$text.txt"
	jq 'del(.trace.file)' json > "$text.json"
done
cmp plain.json pretty.json
[ "$(jq '.counts.gets + .counts.puts' pretty.json)" -gt 5 ]
