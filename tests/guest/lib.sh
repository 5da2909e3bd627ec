# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What guest tests share.  Sourced by run_test before the test, which then
# runs under "set -eu" in /out/NAME.  tests/guest/README has the short list.

LC_ALL=C
export LC_ALL
tracing=/sys/kernel/tracing
cma=/sys/kernel/debug/cma/reserved
pinner=/sys/kernel/debug/page_pinner

# --- Verdicts ---------------------------------------------------------------

# fail WHY...: ends the test as failed.
fail()
{
	echo "FAIL: $*"
	exit 1
}

# skip WHY...: ends the test as skipped, loudly: the host counts it.
skip()
{
	echo "SKIP: $*"
	exit 4
}

# need PATH...: skips unless the files are there.
need()
{
	for path in "$@"; do
		[ -e "$path" ] || skip "$path: not in this kernel"
	done
}

# must_fail COMMAND...: the command has to exit with 1, nothing else.
must_fail()
{
	_rc=0
	"$@" || _rc=$?
	[ "$_rc" -eq 1 ] || fail "exit $_rc instead of 1: $*"
}

# is_long: shall tests that can be long be so?  LONG=1 on the host.
is_long()
{
	grep -qw long=1 /proc/cmdline
}

# wait_for SECONDS COMMAND...: polls until the command succeeds.
wait_for()
{
	_slow=$(sed -n 's/.*\<slow=\([0-9]*\).*/\1/p' /proc/cmdline)
	_tries=$(($1 * 20 * ${_slow:-1}))
	shift
	while ! "$@"; do
		_tries=$((_tries - 1))
		[ "$_tries" -gt 0 ] || fail "waited in vain: $*"
		sleep 0.05
	done
}

# --- Tracing ----------------------------------------------------------------

# events_on EVENT...: enables page_pinner events by their short names
# (fail_alloc_contig, get, put, ...), "all" for all, and empties the buffer.
events_on()
{
	echo > "$tracing/trace"
	for event in "$@"; do
		case $event in
		all) echo 'page_pinner:*' >> "$tracing/set_event" ;;
		*) echo "page_pinner:page_pinner_$event" \
			>> "$tracing/set_event" ;;
		esac
	done
}

# events_off: disables all events; the buffer keeps what it has.
events_off()
{
	echo > "$tracing/set_event"
}

# trace_text FILE: writes the buffer as text.  Lost events fail the test.
trace_text()
{
	cat "$tracing/trace" > "$1"
	if grep -q 'LOST .* EVENTS' "$1"; then
		fail "$1: events were lost"
	fi
}

# count_events EVENT FILE [PATTERN]: how many such lines, matching PATTERN.
count_events()
{
	grep " page_pinner_$1: " "$2" | grep -c -- "${3-}" || :
}

# record_begin FILE [trace-cmd record options...]: starts trace-cmd record in
# the background, and returns when it records.
record_begin()
{
	_file=$1
	shift
	trace-cmd record -o "$_file" "$@" > record.log 2>&1 &
	recorder=$!
	wait_for 20 recorder_ready
}

recorder_ready()
{
	kill -0 "$recorder" 2>/dev/null ||
		fail "trace-cmd: $(cat record.log)"
	# It switches the tracer off, enables the events, and switches it on.
	[ -n "$(cat "$tracing/set_event")" ] &&
		[ "$(cat "$tracing/tracing_on")" = 1 ]
}

# record_end: stops the recorder and waits until its file is complete.
record_end()
{
	kill -INT "$recorder"
	wait "$recorder" || fail "trace-cmd: $(cat record.log)"
}

# --- Memory -----------------------------------------------------------------

# cma_range: the area as BASE:COUNT in page frames.
cma_range()
{
	echo "$(cat "$cma/base_pfn"):$(cat "$cma/count")"
}

# hold NAME OPTION...: starts vmsplice_hold with these options; returns when
# it holds its pages.  Its truth is in NAME.truth, its process in $held.
hold()
{
	_name=$1
	shift
	rm -f "$_name.truth"
	vmsplice_hold -w "$_name.truth" "$@" 2> "$_name.err" &
	held=$!
	wait_for 60 holds "$_name"
}

holds()
{
	kill -0 "$held" 2>/dev/null ||
		[ -e "$1.truth" ] || fail "$1: $(cat "$1.err")"
	[ -e "$1.truth" ]
}

# release PID: makes a holder let go, and waits for its end.
release()
{
	kill -USR1 "$1"
	wait "$1" || fail "holder $1 failed"
}

# truth_word NAME WORD: a word of NAME.truth, such as pid.
truth_word()
{
	sed -n "1s/.*\\<$2=\\([^ ]*\\).*/\\1/p" "$1.truth"
}

# truth_pfns NAME: the page frames of NAME.truth, one per line.
truth_pfns()
{
	sed 1d "$1.truth"
}

# movable_range: BASE:COUNT of the first ZONE_MOVABLE, in page frames.  Nothing
# but the memory of processes lies in it, which makes it a place where one can
# tell what compaction will do.
movable_range()
{
	awk '
		/^Node / { zone = $4 }
		$1 == "spanned" { spanned = $2 }
		$1 == "start_pfn:" && zone == "Movable" && spanned > 0 {
			print $2 ":" spanned
			exit
		}' /proc/zoneinfo
}

# compact: compacts all of memory; the process is called sysctl.
compact()
{
	sysctl -q -w vm.compact_memory=1
}

# drain_lru: no batch of the LRU holds a page any more, as that of a page that
# is new does until it is full.  Clean pages of files that nobody maps go, too.
drain_lru()
{
	echo 1 > /proc/sys/vm/drop_caches
}

# insert MODULE [ARGUMENT...]: loads a test module until the test ends.
insert()
{
	_module=$1
	shift
	[ -e "/lib/modules/$_module.ko" ] || fail "$_module.ko: not built"
	insmod "/lib/modules/$_module.ko" "$@"
}
