#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Writes the change to a kernel as a numbered series of mails, for git am.  A
# mail for each patch of patches/VERSION, in their order; the new files come
# with the patch that names them in a line of its head:
#
#	With: mm/page_pinner.c
#	With: mm/Kconfig.debug:PAGE_PINNER	(of what is appended, one option)
#
# Nobody has signed it off: that is for whoever sends it to do, by "git am -s"
# or "git format-patch -s".  The cover letter is 0000-cover-letter.txt, which
# git am would take for an empty patch.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] VERSION PRISTINE DIRECTORY"
	echo "PRISTINE is an unpacked kernel of that version.  Author and maintainer"
	echo "are who git says you are."
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
author=$(git var GIT_AUTHOR_IDENT 2> /dev/null | sed 's/ [0-9]* [-+0-9]*$//')
if [ -z "$author" ]; then
	author='page_pinner <page_pinner@localhost>'
	echo "page_pinner: git does not know your name: the mails are from $author;" \
		"set user.name and user.email" >&2
fi
mkdir -p "$out"
for old in "$out"/0*.patch "$out"/0000-cover-letter.txt; do
	rm -f "$old"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

sed 's/[ \t]*#.*//; /^$/d' "$patches/series" > "$work/series"
total=$(wc -l < "$work/series")
date=$(date -R)

# head_of PATCH WORD: the values of "WORD:" in its head, folded lines joined.
head_of()
{
	awk -v word="$2" '
		/^$/ || /^---/ { exit }
		/^[ \t]/ { if (inside) { sub(/^[ \t]+/, " "); s = s $0 }; next }
		{ if (inside) print s; inside = 0 }
		index($0, word ": ") == 1 { inside = 1; s = substr($0, length(word) + 3) }
		END { if (inside) print s }
	' "$patches/$1"
}

# mail NUMBER SUBJECT: the head of a mail.
mail()
{
	echo 'From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001'
	echo "From: $author"
	echo "Date: $date"
	printf 'Subject: [PATCH %0*d/%d] %s\n\n' "${#total}" "$1" "$total" "$2"
}

signature()
{
	printf -- '-- \npage_pinner for Linux %s\n\n' "$version"
}

# --- New files ----------------------------------------------------------------

# One option of a file that is appended to, without the blank lines around it.
one_option()
{
	awk -v option="$2" '
		/^config / { mine = $2 == option }
		!mine { next }
		NF { printf "%s%s\n", blank, $0; blank = ""; next }
		{ blank = blank "\n" }
	' "$1"
}

new_file()
{
	echo "diff --git a/$1 b/$1"
	echo "new file mode 100644"
	diff -u --label /dev/null --label "b/$1" /dev/null "$ours/$1" || :
}

# Adds to what earlier patches of the series have made of the file.
appended()
{
	path=$1
	option=$2
	before=$work/tree/$path
	if ! [ -f "$before" ]; then
		mkdir -p "$(dirname "$before")"
		cp "$pristine/$path" "$before"
	fi
	{
		cat "$before"
		echo
		one_option "$ours/$path" "$option"
	} > "$work/file"
	echo "diff --git a/$path b/$path"
	diff -u --label "a/$path" --label "b/$path" "$before" "$work/file" || :
	mv "$work/file" "$before"
}

maintainers()
{
	cat <<END
PAGE PINNER
M:	$author
L:	linux-mm@kvack.org
S:	Maintained
END
	(cd "$ours" && find mm include Documentation -type f \
		\( -name '*.[ch]' -o -name '*.rst' \) ) |
		sed 's|mm/page_pinner.*|mm/page_pinner*|
		     s|include/linux/page_pinner.*|include/linux/page_pinner*|' |
		sort -u | sed 's/^/F:	/'
	echo
}

# Before the first section whose name comes after ours.
maintainers_diff()
{
	maintainers > "$work/entry"
	awk -v entry="$work/entry" '
		/^[A-Z0-9]/ && blank && !done && $0 > "PAGE PINNER" && seen {
			while ((getline line < entry) > 0)
				print line
			done = 1
		}
		/^3C59X|^3WARE/ { seen = 1 }
		{ blank = $0 == ""; print }
	' "$pristine/MAINTAINERS" > "$work/file"
	echo "diff --git a/MAINTAINERS b/MAINTAINERS"
	diff -u --label a/MAINTAINERS --label b/MAINTAINERS \
		"$pristine/MAINTAINERS" "$work/file" || :
}

# --- The mails ----------------------------------------------------------------

# What the lines with "+" and "-" of a diff come to, as git says it.
summary()
{
	awk '
		/^diff --git / || (/^--- / && !git) { files++ }
		/^diff --git / { git = 1 }
		/^\+\+\+ / || /^--- / { git = 0; next }
		/^\+/ { plus++ }
		/^-/ { minus++ }
		END {
			printf " %d file%s changed", files, files == 1 ? "" : "s"
			if (plus)
				printf ", %d insertion%s(+)", plus, plus == 1 ? "" : "s"
			if (minus)
				printf ", %d deletion%s(-)", minus, minus == 1 ? "" : "s"
			print "\n"
		}
	' "$1"
}

number=0
: > "$work/shortlog"
: > "$work/brought"
while IFS= read -r name; do
	number=$((number + 1))
	subject=$(head_of "$name" Subject | sed 's/^\[PATCH[^]]*\] *//')
	[ -n "$subject" ] || die "$patches/$name: has no subject"
	echo "$subject" >> "$work/shortlog"
	{
		head_of "$name" With | while read -r with; do
			path=${with%%:*}
			echo "$with" >> "$work/brought"
			[ -f "$ours/$path" ] ||
				die "$patches/$name: brings $path, which is not there"
			if [ "$(head -n 1 "$ours/$path")" = "$marker" ]; then
				appended "$path" "${with#*:}"
			else
				new_file "$path"
			fi
		done
		[ "$number" -ne 1 ] || maintainers_diff
		awk 'body { print } /^$/ && rule { body = 1 } /^---$/ { rule = 1 }' \
			"$patches/$name"
	} > "$work/diff"
	slug=$(echo "$subject" | tr -cs 'A-Za-z0-9._\n' - | cut -c 1-52 |
	       sed 's/[-.]*$//')
	{
		mail "$number" "$subject"
		awk '/^---$/ { exit } body { print } /^$/ { body = 1 }' "$patches/$name"
		echo ---
		summary "$work/diff"
		cat "$work/diff"
		signature
	} > "$out/$(printf '%04d' "$number")-$slug.patch"
done < "$work/series"

# Everything is in some mail.
(cd "$ours" && find mm include Documentation -type f \
	\( -name '*.[ch]' -o -name '*.rst' -o -name 'Kconfig*' \)) |
while IFS= read -r path; do
	if [ "$(head -n 1 "$ours/$path")" = "$marker" ]; then
		sed -n 's/^config //p' "$ours/$path" | sed "s|^|$path:|"
	else
		echo "$path"
	fi
done | sort > "$work/wanted"
sort "$work/brought" | comm -3 - "$work/wanted" | tr -d '\t' > "$work/odd"
[ ! -s "$work/odd" ] ||
	die "$patches: no patch, or more than one, brings: $(tr '\n' ' ' < "$work/odd")"

{
	mail 0 'mm: page_pinner: find out who holds the page'
	cat "$patches/cover-letter"
	echo
	sed 's/^/  /' "$work/shortlog"
	echo
	signature
} > "$out/0000-cover-letter.txt"
