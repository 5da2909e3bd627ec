#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What the feature costs the kernel, and what its neighbours cost: instructions
# of the commonest operations of memory management in each state, over a kernel
# that has none of them; sizes; page_ext.  The guests count instructions (QEMU's
# -icount), because times on a shared machine are noise; caches and other
# processors that does not see.

set -eu
export LC_ALL=C

usage()
{
	cat <<END
usage: $0 [-h] WITHOUT WITH NEIGHBOURS INITRAMFS DIRECTORY
The first three are build directories of kernels: without the feature, with it,
and without it but with DEBUG_PAGE_REF and PAGE_OWNER.  Writes the table
DIRECTORY/kernel.md, prints it, and draws it as DIRECTORY/kernel.svg.
END
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 5 ] || { usage >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
without=$1
with=$2
neighbours=$3
initramfs=$4
mkdir -p "$5"
out=$(cd "$5" && pwd)
: > "$out/cost"

# guest WHAT KERNEL [ARGUMENT]: measures the states WHAT of a kernel.
guest()
{
	"$here/../guest/run.sh" -I -k "$2/arch/x86/boot/bzImage" -i "$initramfs" \
		-o "$out/guest.$1" -c 1 -t 3000 -x "${3-}" "mm_cost_states $1" \
		> "$out/guest.log" || {
		cat "$out/guest.log" >&2
		exit 1
	}
	cat "$out/guest.$1/results/mm_cost_states/cost" >> "$out/cost"
}

# size_of STATE KERNEL: text, data and bss before the kernel is linked, which fills
# its text up to the next 2 MiB, and without the objects of tests.
size_of()
{
	{
		size "$2/vmlinux.o" | sed 1d
		find "$2/mm" -name 'page_pinner_*test.o' -exec size {} + |
			sed '/text/d; /TOTALS/d; s/^/- /'
	} | awk -v state="$1" '
		$1 == "-" { text -= $2; data -= $3; bss -= $4; next }
		{ text += $1; data += $2; bss += $3 }
		END {
			print state, "text", text
			print state, "data", data
			print state, "bss", bss
		}' >> "$out/cost"
}

guest without "$without"
size_of without "$without"
guest off "$with" page_pinner=off
size_of off "$with"
guest pinner "$with"
guest page_ref "$neighbours"
size_of ref_off "$neighbours"
guest page_owner "$neighbours" page_owner=on

awk -f "$here/kernel_table.awk" "$out/cost" | tee "$out/kernel.md"
awk -f "$here/kernel_svg.awk" "$out/kernel.md" > "$out/kernel.svg"
echo "$out/kernel.md $out/kernel.svg"
