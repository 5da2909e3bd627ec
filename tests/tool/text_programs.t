# SPDX-License-Identifier: GPL-2.0
# description: what trace-cmd report and perf script print, with each of their options
#
# Names of the guest's functions come from forms/kallsyms where the programs
# have none.
set -eu

. "$data/text_lib.sh"
command -v trace-cmd > /dev/null || { echo "no trace-cmd"; exit 4; }
command -v perf > /dev/null || { echo "no perf: on Debian, apt-get install linux-perf"; exit 4; }
perf script --help > /dev/null 2>&1 || perf version > /dev/null 2>&1 ||
	{ echo "perf does not run"; exit 4; }
xz -dc "$data/forms/trace.dat.xz" > trace.dat
xz -dc "$data/forms/perf.data.xz" > perf.data
kallsyms=--kallsyms=$data/forms/kallsyms

story trace.dat > want
grep -q '^alloc_contig .* named .* 108 vmsplice_hold' want

# An older trace-cmd or perf lacks an option: what it then prints is no text.
while read -r options; do
	# shellcheck disable=SC2086
	trace-cmd report $options -i trace.dat > text 2> log || { echo "# trace-cmd report $options: not there"; continue; }
	story text "$kallsyms" > got || { echo "trace-cmd report $options"; cat err; exit 1; }
	same want got "trace-cmd report $options"
done <<'END'

-l
-R
-t
-w
-N
-L
-T
--ts-diff
--raw-ts
--align-ts
--nodate
--ts2secs 1000000000
--verbose
--cpu 0,1
-O parent
-r page_pinner_put
-r page_pinner_unmark -r page_pinner_get
-l --ts-diff
-t --ts-diff
-I
-S
-v
-V6
-L -N
-n page_pinner_get
-O parent=1
-l -w
-l -t
-l --raw-ts
-R -t
-R --raw-ts
--raw-ts --ts-diff
--align-ts --ts-diff
--raw-ts -t
--ts2secs 1000
--ts-check
--verbose=none
-R --ts-diff
-l -R
END
# what is no list of events is called none
for option in -e -f -P -E --first-event --last-event --stat --uname --version --cpus; do
	trace-cmd report $option -i trace.dat > text 2> log || continue
	told 1 'not a trace' text
done
trace-cmd report --profile -i trace.dat > text 2> log
told 1 'columns of an unknown form' text
trace-cmd report -i trace.dat --ts-offset 5000000000 > text 2> log
story text "$kallsyms" > got
same want got 'trace-cmd report --ts-offset'
trace-cmd report -i trace.dat -i trace.dat > text 2> log
told 1 'two recordings' text

story perf.data "$kallsyms" > want
while read -r options; do
	# shellcheck disable=SC2086
	perf script -i perf.data $options > text 2> log || { echo "# perf script $options: not there"; continue; }
	story text "$kallsyms" > got || { echo "perf script $options"; cat err; exit 1; }
	sed 's/ $//' got > trimmed
	case $options in
	*-F\ tid,*) sed 's/ vmsplice_hold$//' want > wanted ;;
	*) cp want wanted ;;
	esac
	same wanted trimmed "perf script $options"
done <<'END'

--ns
--reltime
--reltime --ns
--deltatime
--deltatime --ns
-L
-v
-I
--header
-D
--max-stack 12
--no-demangle
--full-source-path
--show-kernel-path
--show-task-events
--show-mmap-events
--show-lost-events
--show-switch-events
--show-namespace-events
--show-cgroup-events
--show-bpf-events
--show-round-events
-F comm,pid,tid,cpu,time,period,event,trace,ip,sym,dso
-F comm,pid,time,event,trace,ip,sym
-F comm,tid,time,event,trace,ip,sym,dso
-F comm,pid,tid,time,event,trace,ip,sym
-F comm,tid,event,trace,ip,sym
-F comm,tid,cpu,event,trace,ip,sym
-F comm,tid,cpu,time,event,trace,ip
-F comm,tid,cpu,time,event,trace,ip,sym,symoff
-F comm,tid,cpu,time,flags,event,trace,ip,sym
-F comm,tid,cpu,time,event,trace,ip,sym,dso,misc
-F comm,tid,cpu,period,event,trace,ip,sym,dso
-F comm,tid,time,period,event,trace,ip,sym,dso
-F comm,tid,period,event,trace,ip,sym,dso
-F tid,cpu,time,event,trace,ip,sym
-F tid,time,event,trace,ip,sym
-F tid,event,trace,ip,sym
-L -F comm,tid,cpu,event,trace,ip,sym
-L -F comm,tid,cpu,time,period,event,trace,ip,sym
-F comm,tid,cpu,time,event,trace,ip,sym,srcline
-F comm,tid,cpu,time,event,trace,ip,sym,symoff,dso --ns -L
-F trace:comm,tid,time,event,trace,ip,sym
-a
-f
-C 0,1
--time 0,100
--demangle-kernel
--dump-unsorted-raw-trace
--inline
--no-inline
--max-stack 4
--max-blocks 3
--stop-bt ksys_write
--show-text-poke-events
--show-lost-events --show-task-events --show-mmap-events --ns
--itrace=i1
END
for field in metric ipc brstack brstackoff brstacksym insn insnlen bpf-output callindent \
	machine_pid vcpu synth misc flags period; do
	perf script -i perf.data -F comm,tid,cpu,time,event,trace,ip,sym,dso,$field > text 2> log ||
		{ echo "# perf script -F $field: not there"; continue; }
	story text "$kallsyms" > got || { echo "perf script -F $field"; cat err; exit 1; }
	sed 's/ $//' got > trimmed
	same want trimmed "perf script -F $field"
done

# without stacks nobody is named, whatever else is printed
perf script -i perf.data -G > text 2> log
story text > bare
! grep -q ' named ' bare
while read -r options; do
	# shellcheck disable=SC2086
	perf script -i perf.data $options > text 2> log || continue
	story text > got || { echo "perf script $options"; cat err; exit 1; }
	same bare got "perf script $options"
done <<'END'
--hide-call-graph
-F +misc
-F +period
-F +pid
-F +insn
-F +brstack
-F +synth
-F +bpf-output
-F comm,tid,time,event,trace,sym
-F +metric
-F +ipc
-F +brstacksym
-F +callindent
-F +machine_pid
-F +vcpu
-F -dso
-F -addr
-F +symoff,+sym,-ip
END

while read -r word options; do
	# shellcheck disable=SC2086
	perf script -i perf.data $options > text 2> log || continue
	told 1 "$word" text
done <<'END'
no.tasks -F event,trace,ip,sym,dso
no.tasks -F time,event,trace,ip,sym
no.tasks -F cpu,time,event,trace,ip
no.tasks -F event,trace
no.tasks -F comm,time,event,trace
no.fields -F comm,tid,cpu,time,event,ip,sym
events..names -F trace
events..names -F comm,tid,cpu,time,trace,ip,sym
events..names --call-trace
events..names --call-ret-trace
events..names -F -event
no.fields -F -trace
no.tasks -F -tid
behind.its.page_pinner.events -F +insnlen
a.trace --per-event-dump
empty.file --gen-script perl
END
perf script -i perf.data -c vmsplice_hold > text 2> log
told 0 'page_pinner_fail_.*not on record' text
