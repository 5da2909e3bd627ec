# SPDX-License-Identifier: GPL-2.0
# description: one recording in five forms names the same holders, the true ones
set -eu

holders()
{
	jq -r '. as $r | .failures[] | . as $f | .holders[] |
		[$f.reason, $f.pfn, $f.verdict, .refs,
		 ($r.holders[.holder - 1] | .release.function, .api, .tasks[0].pid)] |
		join(" ")' "$1" | sort
}

# the true ones, from the files that the holders wrote
{
	for name in cma longterm; do
		pid=$(sed -n '1s/.*pid=\([0-9]*\) .*/\1/p' "$data/forms/$name.truth")
		pfn=$(sed -n 2p "$data/forms/$name.truth")
		reason=$name
		[ "$name" != cma ] || reason=alloc_contig
		[ "$name" != longterm ] || reason=longterm_pin
		echo "$reason $((pfn)) named 1 page_cache_pipe_buf_release get $pid"
	done
} | sort > want
[ "$(grep -c . want)" -eq 2 ]

for form in trace.dat perf.data tracecmd.txt perf.txt trace.txt; do
	xz -dc "$data/forms/$form.xz" > input
	set --
	# perf.data has no symbols of the kernel
	[ "$form" != perf.data ] || set -- --kallsyms="$data/forms/kallsyms"
	"$tool" report "$@" --format=json -o json input
	holders json > got
	diff want got || { echo "$form differs"; exit 1; }
done

# text on standard input as well
xz -dc "$data/forms/perf.txt.xz" | "$tool" report --format=json - > json
holders json > got
diff want got
