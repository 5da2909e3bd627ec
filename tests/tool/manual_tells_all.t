# SPDX-License-Identifier: GPL-2.0
# description: the manual has the options of the program word for word, and each
# example of the manual, of --help and of README works
set -eu
dir=$data/../../tools/page_pinner

# the manual is what man can show
groff -man -ww -z -Tutf8 "$dir/page_pinner.1" 2> lint
[ ! -s lint ] || { cat lint; exit 1; }

# the options are those of the program, word for word
for command in report record; do
	sed -n "/options of $command: begin/,/options of $command: end/{/options of/!p}" \
		"$dir/page_pinner.1" > options
	[ "$(grep -c '^\.TP' options)" -gt 4 ]
	"$tool" --manual "$command" | cmp - options || { echo "make manual"; exit 1; }
done

# the examples, with a perf that prints what perf script printed once, and a
# trace-cmd that records what it recorded once
xz -dc "$data/forms/trace.dat.xz" > trace.dat
xz -dc "$data/forms/perf.data.xz" > perf.data
cp "$data/forms/kallsyms" kallsyms
mkdir bin
cat > bin/perf <<END
#!/bin/sh
xz -dc "$data/forms/perf.txt.xz"
END
cat > bin/trace-cmd <<END
#!/bin/sh
while [ "\$1" != -o ]; do shift; done
xz -dc "$data/forms/trace.dat.xz" > "\$2"
END
chmod +x bin/perf bin/trace-cmd
ln -s "$tool" bin/page_pinner
PATH=$PWD/bin:$PATH
{
	sed -n '/^\.SH EXAMPLES/,/^\.SH SEE/p' "$dir/page_pinner.1"
	"$tool" report --help | sed -n '/^Examples/,/^Exit/p'
	"$tool" record --help | sed -n '/^Examples/,/^Exit/p'
	grep '^    page_pinner re[pc]o' "$data/../../README.md"
} | grep 'page_pinner re[pc]o' > examples
[ "$(grep -c . examples)" -ge 13 ]
while IFS= read -r example; do
	sh -c "$example" > out 2> err < /dev/null || { echo "failed: $example"; cat err; exit 1; }
done < examples
jq -e '.failures | length > 0' report.json > /dev/null

make -s -C "$dir" install DESTDIR="$PWD/dest" PREFIX=/usr > /dev/null
[ -x dest/usr/bin/page_pinner ]
[ -f dest/usr/share/man/man1/page_pinner.1 ]
[ -f dest/usr/share/bash-completion/completions/page_pinner ]
bash -n "$dir/page_pinner.bash"
