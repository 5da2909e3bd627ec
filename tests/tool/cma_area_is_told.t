# SPDX-License-Identifier: GPL-2.0
# description: where the kernel's events of the system cma are in a text, the answer has the area's name
set -eu

. "$data/text_lib.sh"
xz -dc "$data/forms/trace.txt.xz" > trace.txt
xz -dc "$data/forms/tracecmd.txt.xz" > tracecmd.txt
xz -dc "$data/forms/perf.txt.xz" > perf.txt

# with EVENT COLUMNS.. FILE: the event with a stack of its own, in front of the first put
with()
{
	awk -v event="$1" -v form="$2" '
		/114 .*page_pinner_put: +pfn=0x3994a/ && !done++ {
			head = $0
			sub(/(page_pinner:)?page_pinner_put:.*/, "", head)
			if (form == "perf")
				print head "cma:" event "\n\tffffffff8127d729 __cma_alloc+0x139 ([kernel.kallsyms])\n"
			else if (form == "tracecmd")
				print head event "\n" head "kernel_stack:         \t=> __cma_alloc\n\t=> cma_alloc_write"
			else
				print head event "\n" head "<stack trace>\n => __cma_alloc\n => cma_alloc_write"
		} { print }' "$2.txt"
}

# area WANT FORM: of the allocation that failed
area()
{
	"$tool" report --format=json -o json text
	jq -e --arg want "$1" '[.operations[] | select(.reason == "alloc_contig") | .cma_area // "none"] == [$want] and
		([.failures[] | select(.reason == "alloc_contig") | .cma_area // "none"] | unique) == [$want] and
		all(.operations[] | select(.reason != "alloc_contig"); .cma_area == null)' json > /dev/null ||
		{ echo "$2: not in $1"; jq -c '.operations[] | [.reason, .cma_area]' json; exit 1; }
}

busy='cma_alloc_busy_retry: name=reserved pfn=0x39900 page=00000000abcdef12 count=256 align=0'
for form in trace tracecmd perf; do
	story $form.txt > want
	with "$busy" $form > text
	story text > got
	# the same story, with one event of others more
	same want got "$form"
	area reserved "$form"
	"$tool" report text | sed -n 1p | grep -q 'could not take pfn 0x3994a of CMA area "reserved" ' ||
		{ "$tool" report text | sed -n 1p; exit 1; }
	area reserved "$form"
	with "$(echo "$busy" | sed 's/ align=0/& errorno=-16/; s/busy_retry/finish/')" $form > text
	area reserved "$form, finish"
	with 'cma_release: name=reserved pfn=0x39900 page=0000000000000000 count=256' $form > text
	area reserved "$form, release"
	# not asked for a place yet, without a name (before Linux 5.13), elsewhere, nowhere
	for event in 'cma_alloc_start: name=reserved count=256 align=0' \
		'cma_alloc: pfn=39900 page=0000000000000000 count=256 align=0' \
		'cma_release: name=reserved pfn=0x39900 page=0000000000000000 count=64' \
		'cma_release: name=reserved pfn=0x39900 page=0000000000000000 count=0' \
		'cma_alloc_finish: name=reserved pfn=0xffffffffffffffff page=0 count=256 align=0 errorno=-12' \
		'cma_release: name= pfn=0x39900 page=0 count=256'; do
		with "$event" $form > text
		area none "$form, $event"
	done
done

# anybody's names
for name in 'a b' 'linux,cma' 'x pfn=0x1 y'; do
	with "$(echo "$busy" | sed "s/name=reserved/name=$name/")" trace > text
	area "$name" "$name"
done
# a page is in one area: where two claim it, something is wrong
with "$busy" trace > one
sed "/$busy/{p; s/name=reserved/name=other/}" one > text
area none 'two areas'

# a leak in an area that is known is watched for in that area
cat > leak <<'END'
# tracer: nop
       cma_take-100   [000] .....  10.000001: page_pinner_fail_alloc_contig: pfn=0x1200 order=0 refcount=3 expected=2 mapcount=1 pincount=0 reason=alloc_contig kind=extra_ref id=7 marked=new repeats=0 nid=0 mt=cma flags=0x0
       cma_take-100   [000] .....  10.000002: cma_alloc_busy_retry: name=reserved pfn=0x1200 page=00000000abcdef12 count=1 align=0
END
"$tool" report leak > out
tr -s '\n ' '  ' < out | grep -q 'cma:reserved or memory:N in the place of the page'
