# SPDX-License-Identifier: GPL-2.0
# description: --rules adds classes and overrides built-in ones; a bad line is named
set -eu
xz -dc "$data/forms/trace.dat.xz" > trace.dat

verdict()
{
	"$tool" report --format=json --reason=alloc_contig "$@" trace.dat |
		jq -r '.failures[0].verdict, .holders[0].class'
}

[ "$(verdict | tr '\n' ' ')" = "named pipe " ]
echo 'mypipe holder any page_cache_pipe_buf_*  # ours' > rules
[ "$(verdict --rules=rules | tr '\n' ' ')" = "named mypipe " ]
echo 'pipenoise brief put nothing page_cache_pipe_buf_release' > rules
verdict --rules=rules > out
! grep -q '^named' out
# a helper frame is passed over: the next one is named
printf '# only a comment\n\nskip helper put page_cache_pipe_buf_release\n' > rules
[ "$("$tool" report --format=json --rules=rules trace.dat |
	jq -r '.holders[0].release.function')" = pipe_read ]

for bad in 'one two' 'a holder sideways f' 'a master put f' 'a holder put'; do
	echo "$bad" > rules
	rc=0
	"$tool" report --rules=rules trace.dat > out 2> err || rc=$?
	[ "$rc" -eq 1 ] || { echo "exit $rc: $bad"; exit 1; }
	[ ! -s out ]
	grep -q '^page_pinner: rules: line 1: ' err
done
rc=0
"$tool" report --rules=missing trace.dat > out 2> err || rc=$?
[ "$rc" -eq 1 ]
grep -q '^page_pinner: missing: No such file' err
