# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Runs the commands of a document, in their order and in this shell, and compares
# what they print with the samples that stand there.  In a literal block of
#
#	# COMMAND
#	SAMPLE
#
# a command goes on in lines that begin with the shell's other prompt, "> ".  A
# comment of the document, ".. scene: NAME", calls the function scene_NAME of the test: what has
# to happen around the commands, such as a program that holds a page.
#
# What a command printed is left in the file LINE.out, by the line in which it
# stands; scripts/samples.sh puts those into the document.

# as_program NAME: the commands on stdin are what stands for a program of the user.
as_program()
{
	{
		echo '#!/bin/sh'
		cat
	} > "$1"
	chmod +x "$1"
}

# document_script FILE: the document as a script.
document_script()
{
	awk '
	function finish() {
		if (command == "")
			return
		printf "document_command %d <<\\END_OF_COMMAND\n%s\nEND_OF_COMMAND\n", line, command
		printf "document_sample %d <<\\END_OF_SAMPLE\n%sEND_OF_SAMPLE\n", line, sample
		command = sample = ""
	}
	/^\.\. scene: / { finish(); print "scene_" $3; next }
	/^\t# / {
		finish()
		line = NR
		command = substr($0, 4)
		next
	}
	/^\t> / && command != "" && sample == "" { command = command "\n" substr($0, 4); next }
	/^\t/ && command != "" { sample = sample substr($0, 2) "\n"; next }
	/^$/ { next }
	{ finish() }
	END { finish() }' "$1"
}

document_command()
{
	_command=$(cat)
	echo "--- line $1: $_command"
	_rc=0
	eval "$_command" > "$document_dir/$1.out" 2>&1 || _rc=$?
	# "| head" and a command that is to fail: what it says is compared
	[ "$_rc" -eq 0 ] || echo "exit $_rc"
	cat "$document_dir/$1.out"
}

# shape: words without what differs from run to run: numbers, addresses, times,
# and where lines are broken.
shape()
{
	sed 's/0x[0-9a-f][0-9a-f]*/X/g; s/\<[0-9a-f]\{16\}\>/X/g
		s/[0-9][0-9]*\(\.[0-9][0-9]*\)*/N/g
		s/\<N \(ns\|us\|ms\|s\)\>/T/g; s/\<\([a-z]*\)s\>/\1/g' |
	tr -s ' \t\n' '\n'
}

document_sample()
{
	_at=$document_dir/$1
	if ! samples_are_ours; then
		cat > /dev/null
		echo "--- line $1: not compared, the sample is of another flavor"
		return 0
	fi
	shape > "$_at.sample.shape"
	shape < "$_at.out" > "$_at.out.shape"
	if cmp -s "$_at.sample.shape" "$_at.out.shape"; then
		rm "$_at.sample.shape" "$_at.out.shape"
		return 0
	fi
	echo "--- line $1: the sample is another:"
	diff "$_at.sample.shape" "$_at.out.shape" | head -n 20 || :
	document_differs="${document_differs-} $1"
}

# Another compiler inlines other functions: samples are of the release flavor.
samples_are_ours()
{
	case $(cat /lib/page_pinner/kernel 2> /dev/null) in
	modules-*-release | '') return 0 ;;
	*) return 1 ;;
	esac
}

# document_run FILE LEAST: fails if a sample differs, or if fewer commands than
# LEAST were found.
document_run()
{
	document_script "$1" > document.script
	_found=$(grep -c '^document_command ' document.script)
	[ "$_found" -ge "$2" ] || fail "$1: $_found commands"
	document_differs=
	document_dir=$(pwd)
	. ./document.script
	[ -z "$document_differs" ] ||
		fail "$1: samples in lines$document_differs; see scripts/samples.sh"
}
