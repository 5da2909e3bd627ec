# SPDX-License-Identifier: GPL-2.0
# description: no folder of the post-processor includes what stands above it
#
# The commands stand above all.  read/ and show/ know trace/ and, show/ only,
# judge/; judge/ knows trace/; trace/ knows util.h and pageset.h alone.  And no module, which is
# a .c with its .h, needs one that needs it.
set -eu
cd "$(dirname "$0")/../../tools/page_pinner"

# allowed FOLDER: folders whose headers it may include, as a pattern
allowed()
{
	case $1 in
	read) echo 'read|trace' ;;
	show) echo 'show|judge|trace' ;;
	judge) echo 'judge|trace' ;;
	trace) echo 'trace' ;;
	esac
}

echo '1..5'
number=0
status=0
for folder in read show judge trace; do
	number=$((number + 1))
	files=$(find "$folder" -name '*.[ch]' | wc -l)
	up=$(grep -HE '^[[:space:]]*#[[:space:]]*include[[:space:]]+"' "$folder"/*.[ch] |
		grep -vE "\"(($(allowed "$folder"))/[a-z_0-9]+\.h|(util|pageset)\.h)\"" || :)
	if [ "$files" -gt 4 ] && [ -z "$up" ]; then
		echo "ok $number $folder: $files files look down only"
	else
		echo "not ok $number $folder: $files files"
		echo "$up" | sed 's/^/# /'
		status=1
	fi
done

for file in *.[ch] */*.[ch]; do
	sed -n "s|^#include \"\(.*\)\.h\"\$|${file%.[ch]} \1|p" "$file"
done | awk '$1 != $2' > "${TMPDIR:-/tmp}/modules.$$"
circle=$(tsort "${TMPDIR:-/tmp}/modules.$$" 2>&1 > /dev/null || :)
arrows=$(grep -c . "${TMPDIR:-/tmp}/modules.$$")
rm -f "${TMPDIR:-/tmp}/modules.$$"
if [ "$arrows" -gt 50 ] && [ -z "$circle" ]; then
	echo "ok 5 no circle among $arrows includes"
else
	echo "not ok 5 a circle among $arrows includes"
	echo "$circle" | sed 's/^/# /'
	status=1
fi
exit "$status"
