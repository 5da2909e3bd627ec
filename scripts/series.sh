#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Writes the change to a kernel as a numbered series of mails: the new files
# first, then the hooks, one family per patch.  "git am DIRECTORY/*.patch"
# applies it; the cover letter is 0000-cover-letter.txt, which git am would
# take for an empty patch.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] VERSION PRISTINE DIRECTORY"
	echo "PRISTINE is an unpacked kernel of that version."
}

die()
{
	echo "page_pinner: $*" >&2
	exit 1
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 3 ] || { usage >&2; exit 2; }
ours=$(cd "$(dirname "$0")/.." && pwd)
version=$1
pristine=$2
out=$3
patches=$ours/patches/$version
marker='# page_pinner: append'

[ -f "$patches/series" ] || die "$patches/series: not there"
[ -f "$pristine/Kbuild" ] || die "$pristine: not a kernel source tree"
mkdir -p "$out"
for old in "$out"/0*.patch "$out"/0000-cover-letter.txt; do
	rm -f "$old"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

sed 's/[ \t]*#.*//; /^$/d' "$patches/series" > "$work/series"
total=$(($(wc -l < "$work/series") + 1))
author=$(sed -n 's/^From: //p; /^$/q' "$patches/$(head -n 1 "$work/series")")

# mail NUMBER SUBJECT: the head of a mail.
mail()
{
	echo 'From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001'
	echo "From: $author"
	echo "Date: $(date -R)"
	printf 'Subject: [PATCH %0*d/%d] %s\n\n' "${#total}" "$1" "$total" "$2"
}

signature()
{
	printf -- '-- \npage_pinner for Linux %s\n\n' "$version"
}

# --- The new files ----------------------------------------------------------

: > "$work/diff"
lines_of_new=0
files_of_new=0
(cd "$ours" && find mm include Documentation -type f \
	\( -name '*.[ch]' -o -name '*.rst' -o -name 'Kconfig*' \) | sort) \
	> "$work/overlay"
while IFS= read -r path; do
	files_of_new=$((files_of_new + 1))
	if [ "$(head -n 1 "$ours/$path")" = "$marker" ]; then
		{
			cat "$pristine/$path"
			sed 1d "$ours/$path"
		} > "$work/file"
		echo "diff --git a/$path b/$path" >> "$work/diff"
		diff -u --label "a/$path" --label "b/$path" \
			"$pristine/$path" "$work/file" >> "$work/diff" || :
		lines_of_new=$((lines_of_new + $(wc -l < "$ours/$path") - 1))
	else
		{
			echo "diff --git a/$path b/$path"
			echo "new file mode 100644"
			diff -u --label /dev/null --label "b/$path" \
				/dev/null "$ours/$path" || :
		} >> "$work/diff"
		lines_of_new=$((lines_of_new + $(wc -l < "$ours/$path")))
	fi
done < "$work/overlay"

first="$out/0001-mm-add-page_pinner.patch"
{
	mail 1 'mm: add page_pinner'
	cat <<'END'
A folio with one reference too many cannot be migrated: CMA allocations
fail, compaction makes no progress, memory does not go offline, long-term
pins return -ENOMEM.  Nothing says who holds the reference.

page_pinner marks such a folio at the moment of the failure, and from then
on traces each change of its refcount with a stack, until the unexpected
references are gone.  Off it costs a static branch at each change.

This adds the feature itself and its documentation; the patches that follow
build it and add the hooks.

END
	echo "Signed-off-by: $author"
	echo ---
	echo " $files_of_new files changed, $lines_of_new insertions(+)"
	echo
	cat "$work/diff"
	signature
} > "$first"

# --- The hooks --------------------------------------------------------------

number=1
printf '%s\n' 'mm: add page_pinner' > "$work/shortlog"
while IFS= read -r name; do
	number=$((number + 1))
	# A subject may be folded into a second line.
	subject=$(awk '
		/^$/ { exit }
		/^Subject: / { sub(/^Subject: (\[PATCH[^]]*\] )?/, ""); s = $0; next }
		s && /^[ \t]/ { sub(/^[ \t]+/, " "); s = s $0; next }
		s { exit }
		END { print s }
	' "$patches/$name")
	[ -n "$subject" ] || die "$patches/$name: has no subject"
	echo "$subject" >> "$work/shortlog"
	slug=$(echo "$subject" | tr -cs 'A-Za-z0-9._\n' - | cut -c 1-52 |
	       sed 's/[-.]*$//')
	{
		mail "$number" "$subject"
		sed '1,/^$/d' "$patches/$name"
		signature
	} > "$out/$(printf '%04d' "$number")-$slug.patch"
done < "$work/series"

{
	mail 0 'mm: page_pinner: find out who holds the page'
	cat <<'END'
A folio with one reference too many cannot be migrated, and nothing in the
kernel says whose reference it is.  This series marks the folio when its
migration, isolation or contiguous allocation fails, and traces its
references from then on, so that a post-processor can name the holder.

All is off until the kernel is booted with page_pinner=on, and then until an
event of the page_pinner trace system is enabled.
Documentation/mm/page_pinner.rst has use, design, cost and limits.

END
	sed 's/^/  /' "$work/shortlog"
	echo
	signature
} > "$out/0000-cover-letter.txt"
