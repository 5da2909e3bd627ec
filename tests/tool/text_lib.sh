# SPDX-License-Identifier: GPL-2.0
# Sourced by tests of texts.

# story FILE [ARGUMENT...]: failures with their holders, and counts; standard
# error in the file err
story()
{
	file=$1
	shift
	"$tool" report "$@" --format=json -o json "$file" > out 2> err || return
	jq -r '. as $r | (.failures[] | . as $f | .holders[] |
		[$f.reason, $f.pfn, $f.verdict, .refs, $r.holders[.holder - 1].api,
		 $r.holders[.holder - 1].release.function,
		 ($r.holders[.holder - 1].tasks[] | .pid, .comm)] | join(" ")),
		([.failures[].verdict] | group_by(.)[] | "\(length) \(.[0])"),
		(.counts | [.gets, .puts, .paired, .unmatched_puts, .open_gets, .lost] | join(" ")),
		"\(.trace.events) events"' json
}

# same WANT GOT WHAT: the same story; the kernel's latency format cuts names of
# tasks to eight characters
same()
{
	cmp -s "$1" "$2" && return
	sed 's/ vmsplice_hold$/ vmsplice/' "$1" | cmp -s - "$2" && return
	echo "$3:"
	diff "$1" "$2"
	exit 1
}

# told STATUS WORD FILE [ARGUMENT...]: this exit status, and WORD on standard error
told()
{
	status=$1
	word=$2
	shift 2
	rc=0
	"$tool" report --format=json -o json "$@" > out 2> err || rc=$?
	[ "$rc" -eq "$status" ] || { echo "exit $rc, not $status: $*"; cat err; exit 1; }
	grep -q -e "$word" err || { echo "no \"$word\": $*"; cat err; exit 1; }
}
