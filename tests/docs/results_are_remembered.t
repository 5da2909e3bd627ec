#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a run of one flavor renews its column of RESULTS.md and no other
set -eu
export LC_ALL=C

cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
results=$work/RESULTS.md

# table SAID: what scenarios.sh writes of the scenario self
table()
{
	cat > "$work/table.md" <<-END
	| Scenario | Trigger | Truth | Verdict | Confidence | Right |
	|---|---|---|---|---|---|
	| self | move_pages | nobody asks for this column | named 1 | 0.95 | $1 |
	END
}

# cell COLUMN: of the scenario self
cell()
{
	awk -F ' *[|] *' -v want="$1" '
		/^[|] Scenario [|] Trigger/ { for (i = 1; i <= NF; i++) if ($i == want) at = i }
		/^[|] self [|]/ && at && !done { print $at; done = 1 }' "$results"
}

number=0
rc=0
# says WHAT PATTERN TEXT
says()
{
	number=$((number + 1))
	if echo "$3" | grep -q "$2"; then
		echo "ok $number $1"
	else
		echo "not ok $number $1"
		echo "# found: $3"
		rc=1
	fi
}

echo "1..7"
table yes
scripts/results.sh "$results" release "$work/table.md"
says "what is right is right, with commit and day" \
	'^right [0-9a-f]*+* 20[0-9-]*$' "$(cell release)"
says "what did not run is not" '^-$' "$(cell size)"
table '**wrong name**: pfn 7: cat-1 is blamed for syscall and is innocent'
scripts/results.sh "$results" size "$work/table.md"
says "a wrong name is called one" '^\*\*wrong name\*\* ' "$(cell size)"
says "the other column stays" '^right ' "$(cell release)"
says "why it is not right is told" 'cat-1 is blamed' "$(grep '^| self | size |' "$results")"
table yes
scripts/results.sh "$results" size "$work/table.md"
says "what is right again is so" '^right ' "$(cell size)"
says "and nothing more is told of it" '^none$' \
	"$(grep '^| self | size |' "$results" || echo none)"
exit "$rc"
