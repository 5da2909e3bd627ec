# SPDX-License-Identifier: GPL-2.0
#
# From lines "STATE WHAT NUMBER" the table: what each state costs over "without".  Of
# several numbers for the same the least counts.

# What a cell says: the difference in per cent, or how often as much.
function cell(state, what,    base, here)
{
	if (!((state, what) in seen))
		return "-"
	here = seen[state, what]
	base = seen["without", what]
	if (state == "without")
		return here
	if (here >= 3 * base)
		return sprintf("x %.1f", here / base)
	return sprintf("%+.1f %%", 100 * (here - base) / base)
}

function kilobytes(state, what)
{
	if (state == "without" || !((state, what) in seen))
		return ""
	return sprintf("%+.1f KB", (seen[state, what] - seen["without", what]) / 1000)
}

BEGIN {
	count = split("without off idle on_demand listening marks_1 marks_32 marks_1000 " \
		"marks_16000 watched_elsewhere watched_wide watched watched_logged " \
		"watched_stacks ref_off ref_on ref_stacks page_owner", order)
	name["without"] = "without any of them"
	name["off"] = "page_pinner built in, off"
	name["idle"] = "on, nobody listens"
	name["on_demand"] = "on_demand, all events on, no mark"
	name["listening"] = "all events on, no mark"
	name["marks_1"] = "1 mark elsewhere"
	name["marks_32"] = "32 marks elsewhere"
	name["marks_1000"] = "1,000 marks elsewhere"
	name["marks_16000"] = "16,000 marks elsewhere"
	name["watched_elsewhere"] = "15 pages watched elsewhere"
	name["watched_wide"] = "64 GiB watched elsewhere"
	name["watched"] = "all memory watched, no event on"
	name["watched_logged"] = "all memory watched, all events on"
	name["watched_stacks"] = "the same, with stacks"
	name["ref_off"] = "DEBUG_PAGE_REF built in, off"
	name["ref_on"] = "page_ref events on"
	name["ref_stacks"] = "page_ref events on, with stacks"
	name["page_owner"] = "page_owner=on"
	loads = split("anon fork read map gup pin direct thp cma", load)
	title["anon"] = "anon fault + unmap"
	title["fork"] = "fork + exit (4 MiB)"
	title["read"] = "read(2)"
	title["map"] = "file map fault + unmap"
	title["gup"] = "GUP_FAST"
	title["pin"] = "PIN_FAST"
	title["direct"] = "O_DIRECT"
	title["thp"] = "THP fault + unmap"
	title["cma"] = "CMA allocation"
}

!(($1, $2) in seen) || $3 < seen[$1, $2] {
	seen[$1, $2] = $3
	known[$1] = 1
}

END {
	printf "| instructions |"
	rule = "|---|"
	for (i = 1; i <= loads; i++) {
		printf " %s |", title[load[i]]
		rule = rule "--:|"
	}
	print " text | data | bss | page_ext, bytes a page |"
	print rule "--:|--:|--:|--:|"
	for (i = 1; i <= count; i++) {
		state = order[i]
		if (!(state in known))
			continue
		printf "| %s |", name[state]
		for (j = 1; j <= loads; j++)
			printf " %s |", cell(state, load[j])
		printf " %s | %s | %s | %s |\n", kilobytes(state, "text"),
			kilobytes(state, "data"), kilobytes(state, "bss"),
			(state, "page_ext") in seen ? seen[state, "page_ext"] : ""
	}
}
