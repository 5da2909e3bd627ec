#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: each command that a document shows behind a prompt is run by a test,
# and a sample that is not what was printed makes it fail

set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

number=0
bad=0
# says WHAT COMMAND...
says()
{
	what=$1
	shift
	number=$((number + 1))
	if "$@" > "$work/said" 2>&1; then
		echo "ok $number $what"
	else
		echo "not ok $number $what"
		sed 's/^/# /' "$work/said"
		bad=1
	fi
}

# the test that runs a document, by the name it has in the guest
test_of()
{
	grep -l "^document_run /tests/$(basename "$1") " tests/guest/test.d/*.tc
}

is_run()
{
	[ -n "$(test_of "$1")" ] && grep -q "$1" tests/guest/initramfs.sh
}

# scenes of the document are functions of its test, and the other way round
scenes_agree()
{
	sed -n 's/^\.\. scene: //p' "$1" | sort > "$work/told"
	sed -n 's/^scene_\([a-z_]*\)()$/\1/p' "$(test_of "$1")" | sort > "$work/there"
	[ -s "$work/told" ] && diff "$work/told" "$work/there"
}

# none is overlooked: what looks like a command is one to the parser
all_are_found()
{
	(. tests/guest/document.sh; document_script "$1") > "$work/script"
	[ "$(grep -c "$(printf '^\t# ')" "$1")" -eq \
		"$(grep -c '^document_command ' "$work/script")" ]
}

documents=$(grep -l "$(printf '^\t# ')" README.md CONTRIBUTING.md tools/page_pinner/*.rst \
	Documentation/mm/*.rst)
echo "1..$((3 * $(echo "$documents" | wc -l) + 6))"
says "two documents have commands" [ "$(echo "$documents" | wc -l)" -ge 2 ]
for document in $documents; do
	says "$document is run in the guest" is_run "$document"
	says "$document: its scenes are those of the test" scenes_agree "$document"
	says "$document: each command is found" all_are_found "$document"
done

# run SAMPLE: a document with one command and that sample
run()
{
	rm -rf "$work/run"
	mkdir "$work/run"
	printf 'Text::\n\n\t# echo "held 31.03 ms by 2 pages of 0xabc" |\n\t>     cat\n%b\nText.\n' \
		"$1" > "$work/run/document"
	(
		cd "$work/run"
		fail() { exit 1; }
		. "$root/tests/guest/document.sh"
		document_run document 1
	) > "$work/run/log"
}
refuses() { ! run "$1"; }
says "a sample with other numbers is the same" run '\theld 8.1 s by 1 page of 0xdef\n'
says "a sample with another word is not" refuses '\tkept 31.03 ms by 2 pages of 0xabc\n'
says "no sample is not" refuses ''
says "a line more is not" refuses '\theld 31.03 ms by 2 pages of 0xabc\n\tmore\n'

samples()
{
	run '\tkept 31.03 ms by 2 pages of 0xabc\n' || :
	scripts/samples.sh "$work/run/document" "$work/run"
	grep -q "$(printf '^\theld 31.03 ms by 2 pages of 0xabc$')" "$work/run/document" &&
		! grep -q kept "$work/run/document" && [ "$(wc -l < "$work/run/document")" -eq 7 ]
}
says "samples.sh puts in what was printed" samples
exit "$bad"
