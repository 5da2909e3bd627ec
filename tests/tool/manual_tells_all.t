# SPDX-License-Identifier: GPL-2.0
# description: each option of --help is in the manual and the completion, and
# each example of the manual works
set -eu
dir=$data/../../tools/page_pinner

"$tool" report --help | grep -oE -- '--[a-z-]+' | sort -u > options
[ "$(grep -c . options)" -gt 10 ]
while IFS= read -r option; do
	sed 's/\\-/-/g' "$dir/page_pinner.1" | grep -q -- "$option" ||
		{ echo "$option is not in the manual"; exit 1; }
	grep -q -- "$option" "$dir/page_pinner.bash" ||
		{ echo "$option is not in the completion"; exit 1; }
done < options

# the examples, with a perf that prints what perf script printed once
xz -dc "$data/forms/trace.dat.xz" > trace.dat
xz -dc "$data/forms/perf.data.xz" > perf.data
cp "$data/forms/kallsyms" kallsyms
mkdir bin
cat > bin/perf <<END
#!/bin/sh
xz -dc "$data/forms/perf.txt.xz"
END
chmod +x bin/perf
ln -s "$tool" bin/page_pinner
PATH=$PWD/bin:$PATH
sed -n '/^\.SH EXAMPLES/,/^\.SH SEE/p' "$dir/page_pinner.1" | grep 'page_pinner re[pc]o' > examples
[ "$(grep -c . examples)" -ge 6 ]
while IFS= read -r example; do
	sh -c "$example" > out < /dev/null || { echo "failed: $example"; exit 1; }
done < examples
jq -e '.failures | length > 0' report.json > /dev/null

make -s -C "$dir" install DESTDIR="$PWD/dest" PREFIX=/usr > /dev/null
[ -x dest/usr/bin/page_pinner ]
[ -f dest/usr/share/man/man1/page_pinner.1 ]
[ -f dest/usr/share/bash-completion/completions/page_pinner ]
bash -n "$dir/page_pinner.bash"
