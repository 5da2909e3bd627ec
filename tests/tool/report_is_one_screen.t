# SPDX-License-Identifier: GPL-2.0
# description: verdicts and holders first; many failures alike are one line, unless -v
set -eu
xz -dc "$data/forms/trace.dat.xz" > trace.dat
"$tool" report trace.dat > report
# line numbers of what has to come in this order
order=$(grep -n '^Page pinner report\|^[0-9]* failures\|^Holders\|^Victims\|^Failures$\|^Stacks\|^Set aside\|events read:' report |
	cut -d : -f 1 | tr '\n' ' ')
[ "$(grep -c '^Page pinner report\|^[0-9]* failures\|^Holders\|^Victims\|^Failures$\|^Stacks\|^Set aside\|events read:' report)" -eq 8 ]
for heading in '^Page pinner' '^[0-9]* failures' '^Holders' '^Victims' '^Failures$' '^Stacks' \
		'^Set aside' 'events read:'; do
	line=$(grep -n "$heading" report | head -n 1 | cut -d : -f 1)
	[ "${order%% *}" = "$line" ]
	order=${order#* }
done
[ "$(grep -n '^Holders' report | cut -d : -f 1)" -lt 8 ]

# 300 failures over which nobody can be named, as text of tracefs
cat > many.txt <<'END'
# tracer: nop
END
i=0
while [ "$i" -lt 300 ]; do
	i=$((i + 1))
	printf '            sysctl-100     [000] .....  10.%06d: page_pinner_fail_compaction: pfn=0x%x order=0 refcount=2 expected=2 mapcount=1 pincount=0 reason=compaction kind=no_memory id=0 marked=no repeats=0 mt=movable nid=0 flags=0x0\n' "$i" "$((4096 + i))"
done >> many.txt
"$tool" report many.txt > many || { cat many; exit 1; }
[ "$(wc -l < many)" -lt 10 ]
grep -q 'compaction, no_memory: 300 failures of 300 pages by sysctl, first of pfn 0x1001 (id 0): not_a_reference' many
[ "$("$tool" report -v many.txt | grep -c 'compaction of pfn')" -eq 300 ]

# no line is longer than the terminal, but a word that is
COLUMNS=60 "$tool" report many.txt | awk 'length > 60 { exit 1 }'
