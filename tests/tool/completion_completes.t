# SPDX-License-Identifier: GPL-2.0
# description: a real bash, with its own word breaks, completes options, words and files
set -eu
command -v bash > /dev/null || { echo "no bash"; exit 4; }
command -v script > /dev/null || { echo "no script(1)"; exit 4; }

# asked for completion it is the tool, else it says what it was called with
mkdir bin
cat > bin/page_pinner <<END
#!/bin/sh
[ "\$1" != --complete ] || exec "$tool" "\$@"
echo "CALLED: \$*"
END
chmod +x bin/page_pinner
: > kallsyms.txt
: > "two words.dat"
mkdir directory
: > directory/inside

# typed WORDS: what bash makes of them
typed()
{
	printf 'PATH=%s/bin:$PATH; source %s\npage_pinner %b\nexit\n' "$PWD" \
		"$data/../../tools/page_pinner/page_pinner.bash" "$1" > keys
	timeout 30 script -qec 'bash --norc --noprofile -i' /dev/null < keys |
		tr -d '\r' | sed -n 's/.*CALLED: //p'
}

becomes()
{
	got=$(typed "$1")
	[ "$got" = "$2" ] || { echo "$1 became $got"; exit 1; }
}

becomes 'rep\tx' 'report x'
becomes 'hol\tx' 'holders x'
becomes 'holders --by=m\tx' 'holders --by=module x'
becomes 'report --by=f\tx' 'report --by=function x'
becomes 'report --by=\t' 'report --by='
becomes 'report --reason=a\t' 'report --reason=alloc_contig'
becomes 'report --key=p\t' 'report --key=pages'
becomes 'report -k me\t' 'report -k median'
becomes 'report --by mod\t' 'report --by module'
becomes 'report --form\tjsonl\t' 'report --format=jsonl'
becomes 'report --fields=rank,fu\t' 'report --fields=rank,function'
becomes 'report kall\t' 'report kallsyms.txt'
becomes 'report tw\t' 'report two words.dat'
becomes 'report dir\tin\t' 'report directory/inside'
becomes 'report --kallsyms=kall\t -v' 'report --kallsyms=kallsyms.txt -v'
becomes 'record --reason=dam\t' 'record --reason=damon'
becomes 'record --clock=b\t' 'record --clock=boot'

# with word breaks of the user's own it works as well
cat > bin/words.bash <<END
source "$data/../../tools/page_pinner/page_pinner.bash"
PATH=$PWD/bin:\$PATH
COMP_WORDS=(page_pinner report --by=t)
COMP_CWORD=2
_page_pinner page_pinner
printf '%s\n' "\${COMPREPLY[@]}"
COMP_WORDS=(page_pinner report --by = t)
COMP_CWORD=4
_page_pinner page_pinner
printf '%s\n' "\${COMPREPLY[@]}"
END
[ "$(bash bin/words.bash | tr '\n' ' ')" = "--by=task task " ]

# all that can be completed can be said: each option, each of its words
for command in report record; do
	"$tool" "$command" --help | sed -n "s|^  [-, a-zA-Z]* \(--[a-z-]*\).*|\1|p" | sort > want
	[ "$(grep -c . want)" -gt 4 ]
	"$tool" --complete "$command" -- | sed 's/=$//' | sort > got
	cmp want got
done
"$tool" --complete report -- | grep '=$' | while read -r option; do
	"$tool" --complete report "$option" | grep -v '^@$' | while read -r word; do
		rc=0
		"$tool" report "$word" missing > out 2>&1 || rc=$?
		[ "$rc" -eq 1 ] || { echo "$word: $rc"; exit 1; }
	done
done
