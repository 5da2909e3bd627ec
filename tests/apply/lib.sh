# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What overlay tests share.  Each runs in an empty directory under "set -eu",
# with $PRISTINE naming a pristine kernel tree and $here this directory.

here=$1
repo=$(cd "$here/../.." && pwd)
apply=$repo/scripts/apply.sh
version=$(awk '/^VERSION =/ { v = $3 } /^PATCHLEVEL =/ { print v "." $3; exit }' \
	"$PRISTINE/Makefile")

fail()
{
	echo "FAIL: $*"
	exit 1
}

# small_tree DIRECTORY: the files of the kernel that page_pinner touches, and
# what makes a directory look like a kernel tree.
small_tree()
{
	{
		echo Makefile
		echo Kbuild
		(cd "$repo" && find mm include Documentation -type f)
		sed -n 's|^--- a/\([^ \t]*\).*|\1|p' \
			"$repo/patches/$version/"*.patch
	} | sort -u | while IFS= read -r path; do
		mkdir -p "$1/$(dirname "$path")"
		if [ -f "$PRISTINE/$path" ]; then
			cp -p "$PRISTINE/$path" "$1/$path"
		fi
	done
}

# state DIRECTORY: all names, modes, times and contents, as one text.
state()
{
	(cd "$1" && find . -type f -printf '%p %m %T@\n' | sort &&
	 find . -type f -exec sha256sum {} + | sort)
}

# content DIRECTORY: the same without the times.
content()
{
	(cd "$1" && find . -printf '%p %m %y\n' | sort &&
	 find . -type f -exec sha256sum {} + | sort)
}

# refused WORDS COMMAND...: has to exit with 1 and say one line, prefixed as
# our errors are, in which WORDS occur.
refused()
{
	words=$1
	shift
	rc=0
	"$@" > out 2> err || rc=$?
	[ "$rc" -eq 1 ] || fail "exit $rc instead of 1: $*"
	[ ! -s out ] || fail "something on standard output"
	[ "$(wc -l < err)" -eq 1 ] || fail "not one line: $(cat err)"
	grep -q '^page_pinner: [^ ]*: ' err || fail "not 'FILE: why': $(cat err)"
	grep -qF -- "$words" err || fail "'$words' is not in: $(cat err)"
}
