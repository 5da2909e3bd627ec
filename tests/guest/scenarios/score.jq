# SPDX-License-Identifier: GPL-2.0
#
# One scenario: the report (standard input) against the truth ($truth, an
# array of one), as an object with what is wrong in .errors.  See score.sh.
# $names: "named" if what the table of rules knows is right, too; "nameless" if
# that is not asked for; see nameless.sh.

($truth[0]) as $t
| . as $report
| (.holders | map({ key: (.id | tostring), value: . }) | from_entries) as $by_id

# Is this holder of the report one of those who really held the page?
| def stacks: [(.release // {}).stack, (.acquire // {}).stack] | map(. // []) | add;
  def is_true($true):
	. as $h
	| any(stacks[]; test($true.function))
	and ($names == "nameless"
	     or ($true.module == "" or $h.module == $true.module)
		and ($true.api == "" or $h.api == $true.api))
	and (if $h.task_from == "release" and $t.tasks == "any" then true
	     else all($h.tasks[]; .pid == $true.pid) and ($h.tasks | length) == 1 end);
  def who: "\(.release.function // .acquire.function // "?") of "
	+ ([.tasks[] | "\(.comm)-\(.pid)"] | join(","));

  # A batch of the LRU's is nobody, and it can have held a page all the same.
  def is_batch: .class | IN("lru_batch", "mlock_batch");

  [ .failures[] | . as $f
    | ([ $t.holders[] | select(any(.pfns[]; . == $f.pfn)) ]) as $true
    | { $f, $true, named: [ $f.holders[] | $by_id[.holder | tostring] ],
	counts: (($t.holders | length) == 0
		 or ($f.reason == $t.reason
			     and any($true[]; .aside | not))) } ] as $all
| [ $all[] | select(.counts) ] as $mine

| [ (if ($t.holders | length) > 0 and ($mine | length) == 0
     then "no failure \($t.reason) of the held pages is in the report" else empty end),

    # Who wanted the pages.
    (($t.victims // [])[] | . as $pid
     | select(all(($report.victims // [])[]; .pid != $pid))
     | "process \(.) wanted the pages and is no victim in the report"),

    # The verdict.
    ($mine[] | . as $m
     | select(all($t.verdicts[]; . != $m.f.verdict))
     | select((($t.holders | length) == 0 and $m.f.verdict == "named"
	       and all($m.named[]; is_batch)) | not)
     | "pfn \(.f.pfn): verdict \(.f.verdict) instead of \($t.verdicts | join(" or "))"
       + ", \(.f.kind), \(.f.refcount) references of \(.f.expected)"),

    # Who is named, whatever page it is: one who held that page, or a batch
    # if that is the page of no holder.
    ($all[] | . as $m | .named[] | . as $h
     | select((($m.counts and ($t.holders | length) > 0) or (is_batch | not))
	      and all($m.true[]; . as $true | $h | is_true($true) | not))
     | "pfn \($m.f.pfn): \(who) is blamed for \($m.f.reason) and is innocent"),

    # Who held it: named, all of them, or nobody where nobody can know.
    ($mine[] | . as $m
     | if $t.tasks == "unnamed"
       then .named[] | "pfn \($m.f.pfn): \(who) is named without a get on record"
       elif any("named", "self", "never_released", "concurrent_pinner"; . == $m.f.verdict)
       then .true[] | . as $true
	| select(all($m.named[]; is_true($true) | not))
	| "pfn \($m.f.pfn): \(.comm)-\(.pid) held it and is not named"
       else empty end),

    # The first in the ranking.
    (if $t.tasks != "unnamed" and ($t.holders | length) > 0
	and any($t.verdicts[]; . == "named")
     then [ .holders[] | select(.rank == 1) ] as $first
	| if ($first | length) == 0 then "nobody is ranked first"
	  elif any($t.holders[]; . as $true | $first[0] | is_true($true)) then empty
	  else "ranked first: \($first[0] | who)" end
     else empty end)
  ] as $errors

| { scenario: $t.scenario, $errors, note: $t.note,
    failures: ($mine | length), others: (($all | length) - ($mine | length)),
    lost: .trace.lost,
    verdicts: ([ $mine[].f.verdict ] | group_by(.) | map("\(.[0]) \(length)") | join(", ")),
    batches: ([ $mine[] | select(any(.named[]; is_batch)) ] | length),
    named: ([ $mine[].named[] | (.release.function // .acquire.function // "?") ]
	    | unique | join(", ")),
    confidence: ([ $mine[].f.holders[].confidence ] | min),
    outright: [ $all[] | . as $m | .f.holders[] | . as $claim
		| select(.confidence >= 0.9)
		| $by_id[.holder | tostring] | . as $h
		| select(is_batch | not)
		| select(all($m.true[]; . as $true | $h | is_true($true) | not))
		| { id: $m.f.id, reason: $m.f.reason,
		    text: "pfn \($m.f.pfn): \(who) is blamed with \($claim.confidence) and is innocent" } ] }
