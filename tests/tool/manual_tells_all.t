# SPDX-License-Identifier: GPL-2.0
# description: the manual has the options of the program word for word, and each
# example of the manual, of --help and of README works
set -eu
dir=$data/../../tools/page_pinner

# the manual is what man can show
groff -man -ww -z -Tutf8 "$dir/page_pinner.1" 2> lint
[ ! -s lint ] || { cat lint; exit 1; }

# options, members of JSON and the sample are those of the program, word for word
"$dir/manual.sh" "$tool" > made
cmp made "$dir/page_pinner.1" || { echo "make -C tools/page_pinner manual"; exit 1; }
for part in 'options of report' 'options of record' 'options of holders' 'members of json' classes sample; do
	sed -n "/^\.\\\\\" begin $part\$/,/^\.\\\\\" end/p" made > part
	[ "$(wc -l < part)" -gt 10 ] || { echo "no $part"; exit 1; }
done

# every word of the report: its parts, columns, verdicts and kinds, what stands
# before a number, and every member of JSON
groff -man -Tascii -rHY=0 -P-cbou "$dir/page_pinner.1" | tr -s ' \n' ' ' > text
tells()
{
	grep -qF -- "$1" text || { echo "the manual does not tell of: $1"; exit 1; }
}
sed -n 's/.*words_heading(r, .*"\([A-Z][a-z ]*\)").*/\1/p; s/^[^"]*"\(Failures for which[a-z ]*\)").*/\1/p' \
	"$dir"/show/*.c | sort -u > parts
[ "$(wc -l < parts)" -ge 5 ]
for list in verdict kind; do
	jq -r ".\"\$defs\".$list | (.enum // .anyOf[0].enum)[]" "$dir/report.schema.json"
done > words
"$tool" --complete report --fields= | sed 's/.*=//' >> words
jq -r '.. | .properties? // empty | keys[]' "$dir/report.schema.json" | sort -u >> words
# and each class of the rules that is more than a helper
sed -n 's/^	{ "\([a-z_]*\)", ROLE_\([A-Z]*\),.*/\2 \1/p' "$dir/judge/classify_rules.c" |
	grep -v '^HELPER \|^OWN ' | cut -d ' ' -f 2 | sort -u > classes
[ "$(wc -l < classes)" -gt 40 ]
cat classes >> words
cat >> words <<'END'
an interrupt
which has exited
until the recording ended
candidates
median hold
max hold
blocked
at least
>=
released by
held
asked from
own
mapping
unexplained
missing
FOLL_PIN
confidence
Next
END
cat parts words | while IFS= read -r word; do
	[ "$word" = unknown ] || tells "$word"
done
[ "$(cat parts words | wc -l)" -gt 150 ]

# the examples, with a perf that prints what perf script printed once, and a
# trace-cmd that records what it recorded once
xz -dc "$data/forms/trace.dat.xz" > trace.dat
xz -dc "$data/forms/perf.data.xz" > perf.data
cp "$data/forms/kallsyms" kallsyms
mkdir bin
. "$data/holders_lib.sh"
mkdir saved
cp table saved/holders
cat > bin/dmesg <<END
#!/bin/sh
cat "$PWD/log"
END
cat > bin/perf <<END
#!/bin/sh
xz -dc "$data/forms/perf.txt.xz"
END
cat > bin/trace-cmd <<END
#!/bin/sh
while [ "\$1" != -o ]; do shift; done
xz -dc "$data/forms/trace.dat.xz" > "\$2"
END
chmod +x bin/perf bin/trace-cmd bin/dmesg
ln -s "$tool" bin/page_pinner
PATH=$PWD/bin:$PATH
{
	sed -n '/^\.SH EXAMPLES/,/^\.SH SEE/p' "$dir/page_pinner.1"
	"$tool" report --help | sed -n '/^Examples/,/^Exit/p'
	"$tool" record --help | sed -n '/^Examples/,/^Exit/p'
	"$tool" holders --help | sed -n '/^Examples/,/^Exit/p'
	grep '^    page_pinner re[pc]o' "$data/../../README.md"
	# that one is of a kernel at work
} | grep 'page_pinner [rh]' | grep -v 'page_pinner holders$' > examples
[ "$(grep -c . examples)" -ge 17 ]
while IFS= read -r example; do
	sh -c "$example" > out 2> err < /dev/null || { echo "failed: $example"; cat err; exit 1; }
done < examples
jq -e '.failures | length > 0' report.json > /dev/null

make -s -C "$dir" install DESTDIR="$PWD/dest" PREFIX=/usr > /dev/null
[ -x dest/usr/bin/page_pinner ]
[ -f dest/usr/share/man/man1/page_pinner.1 ]
[ -f dest/usr/share/bash-completion/completions/page_pinner ]
# the plugin: where libtraceevent looks, for all or, below the home directory, for one
[ -f "dest$(pkg-config --variable=libdir libtraceevent)/traceevent/plugins/plugin_page_pinner.so" ]
make -s -C "$dir" install HOME="$PWD/home" PREFIX="$PWD/home/.local" > /dev/null
[ -f home/.local/lib/traceevent/plugins/plugin_page_pinner.so ]
[ -f home/.local/bin/page_pinner ]
bash -n "$dir/page_pinner.bash"
