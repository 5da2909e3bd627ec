#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What the feature costs the kernel: instructions of the commonest operations
# of memory management, in each state, beside the same kernel without it; and
# the sizes of both.  The guest counts instructions (QEMU's -icount), because
# times on a shared machine are noise; caches and other processors it does not
# see.

set -eu
export LC_ALL=C

usage()
{
	cat <<END
usage: $0 [-h] WITH WITHOUT INITRAMFS DIRECTORY
WITH and WITHOUT are build directories of kernels.  Writes DIRECTORY/kernel.md
and prints it.
END
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 4 ] || { usage >&2; exit 2; }
with=$1
without=$2
initramfs=$3
out=$4
cd "$(dirname "$0")/../.."
mkdir -p "$out"
rm -f "$out/cost"

# Only differences within one guest are exact: each kernel has all its states
# in one.
for kernel in "$without" "$with"; do
	tests/guest/run.sh -I -k "$kernel/arch/x86/boot/bzImage" -i "$initramfs" \
		-o "$out/guest" -c 1 -t 3000 mm_cost_states > "$out/guest.log" || {
		cat "$out/guest.log" >&2
		exit 1
	}
	cat "$out/guest/results/mm_cost_states/cost" >> "$out/cost"
done

# text and data of vmlinux, without those objects that are tests.
sizes()
{
	{
		size "$1/vmlinux" | sed 1d
		find "$1/mm" -name 'page_pinner_*test.o' -exec size {} + |
			sed '/text/d; /TOTALS/d; s/^/- /'
	} | awk '
		$1 == "-" { text -= $2; data -= $3; next }
		{ text += $1; data += $2 }
		END { print text, data }'
}

# shellcheck disable=SC2046
set -- $(sizes "$with") $(sizes "$without")
awk -v text="$(($1 - $3))" -v data="$(($2 - $4))" '
	function cell(state, load,    n, base) {
		n = seen[state, load]
		base = seen["without", load]
		if (state == "without")
			return n
		return sprintf("%d (%+.1f %%)", n, 100 * (n - base) / base)
	}
	{
		if (!($1 in known))
			order[++states] = $1
		known[$1] = 1
		seen[$1, $2] = $3
	}
	END {
		name["without"] = "without the feature"
		name["off"] = "built in, nobody listens"
		name["on_demand"] = "on_demand, all events on, nothing marked"
		name["listening"] = "all events on, nothing marked"
		name["marks_1"] = "1 mark elsewhere"
		name["marks_32"] = "32 marks elsewhere"
		name["marks_1000"] = "1,000 marks elsewhere"
		name["marks_16000"] = "16,000 marks elsewhere"
		name["watched_elsewhere"] = "the first pages of memory watched"
		name["watched_inside"] = "all of memory watched, gets and puts off"
		name["watched_logged"] = "all of memory watched, all events on"
		print "| instructions | anon fault + unmap | fork + exit (4 MiB) | read, per page | file map fault + unmap |"
		print "|---|---|---|---|---|"
		for (i = 1; i <= states; i++) {
			s = order[i]
			printf "| %s | %s | %s | %s | %s |\n", s in name ? name[s] : s,
				cell(s, "anon"), cell(s, "fork"), cell(s, "read"), cell(s, "map")
		}
		printf "\nvmlinux: text %+.1f KB, data %+.1f KB\n", text / 1000, data / 1000
	}' "$out/cost" | tee "$out/kernel.md"
