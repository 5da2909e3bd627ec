# SPDX-License-Identifier: GPL-2.0
# description: a table, a directory, a pipe and logs of every recorder name the same
# holders, by the rules of the report, and say how sure that is
set -eu
. "$data/holders_lib.sh"

read_as 0 table table
said table.json > want
cat > known <<'END'
31747 1 0.7 true 312 leaky \one 12345678000 8123000000 leak_take pinner_demo pinner_demo get try_get_folio<gup_fast_pte_range<leak_take<ksys_write
31747 rest 1 0 0
32000 1 1 true 40 dio 15000001000 5468000000 bio_iov_iter_get_pages null bio pin try_grab_folio_fast<gup_fast_pte_range<pin_user_pages_fast<iov_iter_extract_pages<bio_iov_iter_get_pages
32000 rest 0 0 0
32768 2 0.75 false 0  19500000000 968000000 skb_frag_ref null skb get folio_try_get<skb_frag_ref
32768 2 0.75 false 7 mapper 18500000000 1968000000 map_it third lookup get filemap_get_entry<map_it
32768 rest 0 0 1
36864 rest 0 1 0
END
sort want > sorted
sort known | diff - sorted

# whatever the way in
same()
{
	read_as 0 "$1" "$2"
	said "$1.json" | sort | diff sorted - || { echo "$1 says something else"; exit 1; }
}
mkdir -p copy only
cp table copy/holders
head -n 1 table > copy/scan
printf 'marked 0\ngets_opened 12\ngets_refused 0\ngets_busy 0\n' > copy/stats
same directory copy
cp table only/scan
same scan only
cat copy/holders copy/scan copy/stats > all
same 'one file of all' all
"$tool" holders --format=json - < table > pipe.json
said pipe.json | sort | diff sorted -
gzip -c table > table.gz
same packed table.gz
column -t table > columns
same 'column -t' columns
sed 's/$/\r/' table > dos
same 'other line ends' dos
# later columns do no harm, whatever their order
awk '{ $NF = (NR == 1 ? "cpu " : "3 ") $NF; print $5, $0 }' table | sed '1s/^unexpected/new/' > later
same 'of a later kernel' later
# seen twice is not held twice
cat table table > twice
same twice twice

# logs, with what recorders put in front
said table.json | sort > sorted
prefixed()
{
	awk -v form="$2" '{
		t = sprintf("%d.%06d", 20, NR)
		if (form == "dmesg") printf "[   %s] %s\n", t, $0
		else if (form == "dmesg -r") printf "<4>[   %s] %s\n", t, $0
		else if (form == "dmesg -x") printf "kern  :warn  : [   %s] %s\n", t, $0
		else if (form == "dmesg -T") printf "[Thu Nov 26 11:17:02 2026] %s\n", $0
		else if (form == "iso") printf "2026-11-26T11:17:02,%06d+00:00 %s\n", NR, $0
		else if (form == "kmsg") printf "4,%d,20%06d,-;%s\n", NR, NR, $0
		else if (form == "journal") printf "Nov 26 11:17:02 host kernel: %s\n", $0
		else if (form == "syslog") printf "Nov 26 11:17:02 host kernel: [   %s] %s\n", t, $0
		else if (form == "caller") printf "[   %s][  T312] %s\n", t, $0
		else if (form == "grep") printf "console.log:%d:[   %s] %s\n", NR, t, $0
		else print
	}' log > "$1"
}
n=0
for form in none dmesg 'dmesg -r' 'dmesg -x' 'dmesg -T' iso kmsg journal syslog caller grep; do
	n=$((n + 1))
	prefixed "log.$n" "$form"
	same "$form" "log.$n"
done
# only what is ours of a log
grep page_pinner: log > grepped
same grepped grepped

# dumps of several processors at once, which the kernel tells apart by the caller
sed -n '/pfn 0x7c03/,/unrecorded/s/^/[   20.1][  T312] /p' log > one
sed -n '/pfn 0x7d00/,/pfn 0x8000/s/^/[   20.1][    C1] /p' log | sed '$d' > two
sed -n '/pfn 0x8000/,$s/^/[   20.2][  T313] /p' log > three
paste -d '\n' one two | grep . > mixed
cat three >> mixed
same 'mixed, with callers' mixed

# what a kernel of 6.12 wrote: a table, and the log of an offlining that gave up
read_as 0 real "$data/forms/holders"
said real.json | grep -v ' rest ' | cut -d ' ' -f 1,5,6,9-12 | sort > got
diff - got <<'END'
229218 73 run_test holder_ref_add page_pinner_holder page_pinner_holder get
241494 81 vmsplice_hold __do_sys_vmsplice null pipe get
7230 78 exe vdso_fault null fault get
END
# several tries, each with its dump and with a reference of its own: one holder
read_as 0 offlining "$data/forms/holders.dmesg"
jq -e '.held.logs > 2 and (.folios | length) == 1 and
	([.holders[] | [.acquire.function, .tasks[0].comm, .refs]] == [["__do_sys_vmsplice", "hold_pipe", 1]]) and
	([.folios[0].gets[] | select(.holder == null) | .function] == ["do_migrate_range"])' offlining.json > out
"$tool" holders "$data/forms/holders.dmesg" | grep -q 'taken by do_migrate_range: of whoever migrates it'

# other forms of the report
"$tool" holders table > text
grep -q 'pfn 0x7c03 order 0: refcount 3 = 1 mapping + 2 unexpected' text
grep -q 'held 8.12 s, since 12.345678 s, by 1 pinner_demo reference of module pinner_demo of leaky .one/312, taken by leak_take \[[0-9]\], confidence 0.70' text
grep -q '1 reference is not on record: it is from before the watch or the mark' text
grep -q 'by 1 bio pin of dio/40' text
[ "$(grep -c 'one of: held' text)" -eq 2 ]
grep -q '1 reference waits in a per-CPU batch (lru_batch)' text
! grep -q 'walker' text
[ "$("$tool" holders --format=csv -F function,task table | sort | tr '\n' ' ')" = \
	'bio_iov_iter_get_pages,dio/40 function,task leak_take,leaky \one/312 map_it,mapper/7 skb_frag_ref,- ' ]
"$tool" holders --format=folded table | grep -q '^leaky_.one;ksys_write;leak_take;gup_fast_pte_range;try_get_folio 1$'
[ "$("$tool" holders --format=jsonl table | jq -r 'select(.type == "folio") | .pfn' | wc -l)" -eq 4 ]
"$tool" holders --by=module --format=json table |
	jq -e '[.groups[] | {(.module): .refs}] | add == {"pinner_demo": 1, "third": 2, "[kernel]": 3}' > out

# a core does not say what time it is
awk 'NR == 2 { $15 = "-" } { print }' table > timeless
"$tool" holders timeless > text
grep -q 'held since 12.345678 s by 1 pinner_demo reference' text

# filters
for filter in --pid=312 --comm='leaky \one' --pfn=0x7c03; do
	"$tool" holders --format=json "$filter" table |
		jq -e '[.folios[].pfn] == [31747] and (.holders | length) == 1 and .filter.folios == 4' > out
done
"$tool" holders --format=json --pfn=0x81ff table | jq -e '[.folios[].pfn] == [32768]' > out

# many that are held alike are told once
awk 'NR == 1 { print; next }
	NR == 2 { for (i = 0; i < 100; i++) { r = $0; sub("0x7c03 0 3 1 2", sprintf("0x%x 0 2 1 1", 65536 + i * 3), r);
		sub("12.345678 8123", 12 + i ".345678 " (108123 - i * 1000), r); print r } }' table > many
"$tool" holders many > text
grep -q '100 folios in pfn 0x10000-0x10129 order 0: each refcount 2 = 1 mapping + 1 unexpected' text
grep -q 'held 9.12 s to 108.12 s, since 12.345678 s, by 1 pinner_demo reference' text
[ "$("$tool" holders -v many | grep -c 'by 1 pinner_demo reference')" -eq 100 ]

# rules and names of the user's
echo 'mine holder get leak_take' > rules
"$tool" holders --rules=rules --format=json table | jq -e 'any(.holders[]; .class == "mine")' > out
echo 'ffffffff81000010 t leaker' > symbols
sed -n '1p; 2s/ [^ ]*$/ 0xffffffff81000018/p; 3p' table > addresses
"$tool" holders --kallsyms=symbols --format=json addresses |
	jq -e '.holders[0].acquire.function == "leaker"' > out
"$tool" holders --format=json addresses | jq -e '.holders[0].acquire.function == "unknown"' > out

# nothing is held
head -n 1 table > nothing
"$tool" holders nothing | grep -q '^No folio has unexpected references'
