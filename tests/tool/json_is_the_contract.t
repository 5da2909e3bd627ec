# SPDX-License-Identifier: GPL-2.0
# description: the JSON report has every member of page_pinner.report/1
set -eu
xz -dc "$data/forms/trace.dat.xz" > trace.dat
"$tool" report --format=json -o report.json trace.dat
jq -e '
	def have(names): [has(names)] | all;
	.schema == "page_pinner.report/1" and
	(.trace | have("file", "kernel", "first_ns", "last_ns", "events", "lost")) and
	(.failures | length > 0) and
	all(.failures[];
		have("id", "time_ns", "reason", "kind", "pfn", "order", "refcount",
		    "expected", "unexpected", "victim", "verdict", "holders") and
		(.pfn | type == "number") and
		.unexpected == .refcount - .expected and
		(.victim | have("pid", "comm", "stack")) and
		all(.holders[]; have("holder", "refs", "confidence") and
			.confidence >= 0 and .confidence <= 1)) and
	all(.holders[];
		have("id", "rank", "api", "module", "task_from", "acquire", "release",
		    "tasks", "refs", "pages", "failures", "hold_ns") and
		(.hold_ns | have("min", "median", "max")) and
		(.task_from == "acquire" or .task_from == "release") and
		(.release == null or (.release | have("function", "stack"))) and
		all(.release.stack[]; contains("+") | not) and
		all(.release.stack[]; startswith("page_pinner_") or
			startswith("__page_pinner_") | not)) and
	all(.noise[]; have("class", "events", "pages")) and
	(.counts | have("gets", "puts", "paired", "unmatched_puts", "open_gets", "lost")) and
	([.failures[].holders[].holder] - [.holders[].id] == [])
' report.json > /dev/null || { jq . report.json; exit 1; }
