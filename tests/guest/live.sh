#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Makes a small root directory with drgn, this machine's Python, the reader of
# tools/page_pinner/drgn and a vmlinux, which the kernel unpacks at /live when
# it comes behind another initial file system.  There a guest reads its own
# memory: chroot /live drgn -s /vmlinux /page_pinner.py

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] VMLINUX IMAGE"
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 2 ] || { usage >&2; exit 2; }
vmlinux=$1
image=$2
here=$(cd "$(dirname "$0")" && pwd)
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
trap 'exit 1' HUP INT TERM
root=$top/live

# python LINE: what the interpreter that drgn belongs to prints.
drgn=$(command -v drgn)
python=$(sed -n '1s/^#! *//p' "$drgn")
python()
{
	"$python" -c "$1"
}

mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev"
# that of the package asks for metadata of the package
cat > "$root/bin/drgn" <<END
#!$python
import runpy
runpy.run_module("drgn", run_name="__main__")
END
chmod 755 "$root/bin/drgn"
stdlib=$(python 'import sysconfig; print(sysconfig.get_path("stdlib"))')
package=$(python 'import drgn, os; print(os.path.dirname(drgn.__file__))')
for dir in "$stdlib" "$package"; do
	mkdir -p "$root$dir"
	(cd "$dir" && tar -chf - --exclude=test --exclude=tests --exclude=idlelib \
		--exclude='config-*' --exclude=ensurepip --exclude=lib2to3 \
		--exclude=pydoc_data --exclude=tkinter .) | tar -C "$root$dir" -xf -
done
# what they are linked to as well
# shellcheck disable=SC2046
"$here/programs.sh" "$root" "$python" \
	"$(python 'import _drgn; print(_drgn.__file__)')" \
	$(find "$root" -name '*.so' | sed "s,^$root,,")
cp "$vmlinux" "$root/vmlinux"
cp "$here/../../tools/page_pinner/drgn/page_pinner.py" "$root/"
(cd "$top" && find live | sort | cpio --quiet -o -H newc -R 0:0) | gzip -1n > "$image.tmp"
mv "$image.tmp" "$image"
