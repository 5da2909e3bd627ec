# SPDX-License-Identifier: GPL-2.0
#
# Draws the first four columns of the table: a line for each state, a dot for each
# operation, by what it costs more, on a logarithmic scale.

BEGIN {
	FS = " *\\| *"
	split("#26a #c22 #393 #a50", color)
	left = 270
	top = 60
	step = 22
	least = 0.1
}

# "+1.2 %" and "x 3.4" as per cent more.
function percent(cell)
{
	if (cell ~ /^x /)
		return 100 * substr(cell, 3) - 100
	return cell + 0
}

# What is cheaper, or less than the scale shows, is at its left end.
function place(more)
{
	if (more < least)
		more = least
	return left + 90 * log(more / least) / log(10)
}

NR == 1 {
	for (i = 1; i <= 4; i++)
		title[i] = $(i + 2)
	next
}
NR > 3 {
	rows++
	state[rows] = $2
	for (i = 1; i <= 4; i++)
		more[rows, i] = percent($(i + 2))
}

END {
	height = top + step * rows + 20
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"780\" height=\"%d\" " \
		"font-family=\"sans-serif\" font-size=\"12\">\n", height
	printf "<rect width=\"780\" height=\"%d\" fill=\"white\"/>\n", height
	for (i = 1; i <= 4; i++) {
		x = left + 120 * (i - 1)
		printf "<circle cx=\"%d\" cy=\"16\" r=\"4\" fill=\"%s\"/>", x, color[i]
		printf "<text x=\"%d\" y=\"20\">%s</text>\n", x + 8, title[i]
	}
	for (more_of = least; more_of <= 10000; more_of *= 10) {
		x = place(more_of)
		printf "<path d=\"M%.0f %dV%d\" stroke=\"#ccc\"/>", x, top - 12, height - 15
		printf "<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">+%g %%</text>\n",
			x, top - 16, more_of
	}
	for (n = 1; n <= rows; n++) {
		y = top + step * (n - 1) + 8
		printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", left - 14, y + 4,
			state[n]
		for (i = 1; i <= 4; i++)
			printf "<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"%s\" " \
				"fill-opacity=\"0.8\"/>\n", place(more[n, i]), y, color[i]
	}
	print "</svg>"
}
