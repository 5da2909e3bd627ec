#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Puts page_pinner into a kernel source tree, or takes it out again.
#
# Rules
#	A file of ours whose path is new to the kernel is copied.
#	A path that the kernel already has is accepted only if our file opens
#	with "# page_pinner: append": its text is appended between markers.
#	Then the patches of the tree's version are applied, without fuzz.
#
# How it stays all or nothing
#	Everything is rehearsed on copies of the files concerned: first the
#	state without page_pinner is restored there from the tree's manifest,
#	then the wanted state is made from it.  Only files that differ from
#	the tree's are written, each to a temporary name; when all are there,
#	they are renamed.  No file is edited in place, so that trees which
#	share files by hard links stay apart, and a file that does not change
#	keeps its time.
#
# The manifest, .page_pinner-manifest, lists what was done, followed by the
# difference that undoes it.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [--check | --revert] KDIR"
	echo "Put page_pinner into the kernel source tree KDIR."
	echo "  --check   only say whether it fits; change nothing"
	echo "  --revert  take it out again, exactly"
}

die()
{
	echo "page_pinner: $*" >&2
	exit 1
}

mode=apply
while [ $# -gt 0 ]; do
	case $1 in
	-h|--help) usage; exit 0 ;;
	--check) mode=check ;;
	--revert) mode=revert ;;
	-*) usage >&2; exit 2 ;;
	*) break ;;
	esac
	shift
done
[ $# -eq 1 ] || { usage >&2; exit 2; }

ours=${PAGE_PINNER_OVERLAY:-$(cd "$(dirname "$0")/.." && pwd)}
kdir=$1
manifest=.page_pinner-manifest
marker='# page_pinner: append'

[ -d "$kdir" ] || die "$kdir: not a directory"
if ! [ -f "$kdir/Makefile" ] || ! [ -f "$kdir/Kbuild" ]; then
	die "$kdir: not a kernel source tree"
fi

work=$(mktemp -d)
staged=$work/staged
: > "$staged"
clean()
{
	while IFS= read -r tmp; do
		rm -f "$tmp"
	done < "$staged"
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

# Fails, naming the file, if one of the tree's files cannot be patched.
try_patch()
{
	# $1: directory, $2: patch, $3: what it is called, $4...: options
	dir=$1 file=$2 name=$3
	shift 3
	if patch -d "$dir" -p1 -F0 -f -r "$work/rejects" \
			--no-backup-if-mismatch "$@" \
			< "$file" > "$work/patch.log" 2>&1; then
		return
	fi
	bad=$(awk '
		/^patching file / || /^checking file / { file = $3 }
		/^can.t find file to patch/ { missing = 1 }
		missing && /^\|\+\+\+ / && !why {
			sub(/^[^\/]*\//, "", $2)
			why = $2 ": is not in this tree, and " name " changes it"
		}
		/^Hunk #[0-9]+ FAILED/ && !why {
			why = file ": " name " does not fit, hunk " \
				substr($2, 2) " at line " $5
		}
		/ already exists!/ && !why {
			why = file ": exists already, and " name " creates it"
		}
		END { print why ? why : "" }
	' name="$name" "$work/patch.log" | sed 's/\.$//')
	die "${bad:-$name: $(head -n 1 "$work/patch.log")}"
}

# The paths that a patch names, the "a/" or "b/" removed.
patched_paths()
{
	awk '
		/^(---|\+\+\+) [ab]\// {
			path = $2
			sub(/^[ab]\//, "", path)
			print path
		}
	' "$@"
}

copy_file()
{
	mkdir -p "$(dirname "$3/$1")"
	cp -p "$2/$1" "$3/$1"
}

staged_name()
{
	echo "$kdir/$(dirname "$1")/.page_pinner.$$.$(basename "$1")"
}

version=$(awk '
	/^VERSION =/ { version = $3 }
	/^PATCHLEVEL =/ { print version "." $3; exit }
' "$kdir/Makefile")
patches=$ours/patches/$version

# Which files are concerned: those installed before and those wanted now.
: > "$work/installed"
if [ -f "$kdir/$manifest" ]; then
	sed -n '/^---/q; /^new \|^edit /p' "$kdir/$manifest" \
		> "$work/installed"
elif [ "$mode" = revert ]; then
	die "$kdir/$manifest: not there; page_pinner was not put into this tree"
fi

: > "$work/overlay"
: > "$work/series"
if [ "$mode" != revert ]; then
	if ! [ -f "$patches/series" ]; then
		have=$(cd "$ours/patches" && ls -d ./*/series 2>/dev/null |
		       sed 's|^\./||; s|/series$||' | tr '\n' ' ')
		die "$kdir/Makefile: Linux ${version:-of unknown version} is" \
		    "not supported; supported:" ${have:-none}
	fi
	(cd "$ours" && find mm include Documentation -type f \
		\( -name '*.[ch]' -o -name '*.rst' -o -name 'Kconfig*' \) |
		sort) > "$work/overlay"
	sed 's/[ \t]*#.*//; /^$/d' "$patches/series" > "$work/series"
	while IFS= read -r name; do
		[ -r "$patches/$name" ] ||
			die "$patches/$name: named in series but not there"
	done < "$work/series"
fi

{
	awk '{ print $3 }' "$work/installed"
	cat "$work/overlay"
	while IFS= read -r name; do
		patched_paths "$patches/$name"
	done < "$work/series"
} | sort -u > "$work/paths"

# a: without page_pinner, b: as it shall be.
mkdir "$work/a" "$work/b"
while IFS= read -r path; do
	if [ -f "$kdir/$path" ]; then
		copy_file "$path" "$kdir" "$work/a"
	fi
done < "$work/paths"

while read -r what sum path; do
	[ "$what" = new ] || continue
	[ -f "$work/a/$path" ] || continue
	[ "$(sha256sum < "$work/a/$path")" = "$sum  -" ] ||
		die "$kdir/$path: changed since it was installed;" \
		    "save your change elsewhere first"
	rm "$work/a/$path"
done < "$work/installed"
if grep -q '^edit ' "$work/installed"; then
	try_patch "$work/a" "$kdir/$manifest" "taking page_pinner out" -R -s
fi

cp -Rp "$work/a/." "$work/b"
while IFS= read -r path; do
	appends=$(head -n 1 "$ours/$path")
	if [ "$appends" = "$marker" ]; then
		[ -f "$work/b/$path" ] ||
			die "$kdir/$path: is not in this tree," \
			    "and page_pinner adds to it"
		if grep -q '^# page_pinner: begin$' "$work/b/$path"; then
			die "$kdir/$path: has page_pinner's text already," \
			    "but the tree has no manifest"
		fi
		{
			cat "$work/a/$path"
			echo '# page_pinner: begin'
			sed 1d "$ours/$path"
			echo '# page_pinner: end'
		} > "$work/b/$path"
	elif [ -e "$work/b/$path" ]; then
		die "$kdir/$path: is in this tree already," \
		    "and not from page_pinner"
	else
		mkdir -p "$(dirname "$work/b/$path")"
		cp "$ours/$path" "$work/b/$path"
		chmod 644 "$work/b/$path"
	fi
done < "$work/overlay"
while IFS= read -r name; do
	try_patch "$work/b" "$patches/$name" "$name"
done < "$work/series"

if [ "$mode" != revert ]; then
	{
		echo '# What scripts/apply.sh of page_pinner put into this tree.'
		echo '# Keep it: --revert and the next apply need it.'
		echo "version $version"
		(cd "$work/b" && find . -type f | sed 's|^\./||' | sort) |
		while IFS= read -r path; do
			if cmp -s "$work/a/$path" "$work/b/$path"; then
				continue
			fi
			sum=$(sha256sum < "$work/b/$path")
			what=edit
			[ -f "$work/a/$path" ] || what=new
			echo "$what ${sum%  -} $path"
		done
		(cd "$work/a" && find . -type f | sed 's|^\./||' | sort) |
		while IFS= read -r path; do
			diff -u --label "a/$path" --label "b/$path" \
				"$work/a/$path" "$work/b/$path" || :
		done
	} > "$work/manifest"
	mv "$work/manifest" "$work/b/$manifest"
fi

[ "$mode" != check ] || exit 0

echo "$manifest" >> "$work/paths"
while IFS= read -r path; do
	[ -f "$work/b/$path" ] || continue
	if cmp -s "$work/b/$path" "$kdir/$path"; then
		continue
	fi
	tmp=$(staged_name "$path")
	[ -d "$(dirname "$tmp")" ] ||
		die "$kdir/$path: its directory is not in this tree"
	echo "$tmp" >> "$staged"
	cp "$work/b/$path" "$tmp" || die "$kdir/$path: cannot be written"
	if [ -f "$kdir/$path" ]; then
		chmod --reference="$kdir/$path" "$tmp"
	fi
	echo "$path" >> "$work/renames"
done < "$work/paths"

if [ -f "$work/renames" ]; then
	while IFS= read -r path; do
		mv "$(staged_name "$path")" "$kdir/$path"
	done < "$work/renames"
fi
while IFS= read -r path; do
	[ -f "$work/b/$path" ] || rm -f "$kdir/$path"
done < "$work/paths"
