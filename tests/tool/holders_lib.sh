# SPDX-License-Identifier: GPL-2.0
#
# What the tests of "page_pinner holders" have in common: a table as debugfs
# "holders" writes it, the same in a kernel's log, and what both have to say.

# A holder, one of several, a batch, and what nobody is on record for.
cat > table <<'END'
pfn order refcount expected unexpected mapcount type flags refs record ctx pid comm since age_ms stack
0x7c03 0 3 1 2 1 anon 0x100000000020018(uptodate|dirty|swapbacked|node=0|zone=1) 1 held task 312 leaky\040\134one 12.345678 8123 try_get_folio+0x3a/0x110<-gup_fast_pte_range.constprop.0+0x1/0x2<-leak_take+0x12/0x40[pinner_demo]<-ksys_write+0x5/0x60
0x7c03 0 3 1 2 1 anon 0x100000000020018(uptodate|dirty|swapbacked|node=0|zone=1) 1 unrecorded - - - - - -
0x7d00 0 1025 1 1024 1 anon 0x18 1 held task 40 dio 15.000001 5468 try_grab_folio_fast+0x3a/0x110<-gup_fast_pte_range+0x1/0x2<-pin_user_pages_fast+0x1/0x40<-iov_iter_extract_pages+0x1/0x2<-bio_iov_iter_get_pages+0x1/0x3
0x7d00 0 1025 1 1024 1 anon 0x18 1023 held task 40 dio 15.000002 5468 try_grab_folio_fast+0x3b/0x110<-gup_fast_pte_range+0x1/0x2<-pin_user_pages_fast+0x1/0x40<-iov_iter_extract_pages+0x1/0x2<-bio_iov_iter_get_pages+0x1/0x3
0x8000 9 515 512 3 0 file 0x18 2 one_of task 7 mapper 18.500000 1968 filemap_get_entry+0x1/0x2<-map_it+0x1/0x2[third]
0x8000 9 515 512 3 0 file 0x18 2 one_of softirq - - 19.500000 968 folio_try_get+0x1/0x2<-skb_frag_ref+0x1/0x2
0x9000 0 2 1 1 1 anon 0x18 1 batch task 9 walker 20.250000 218 folio_add_lru+0x1/0x2<-do_anonymous_page+0x1/0x2
END

cat > log <<'END'
page: refcount:3 mapcount:1 mapping:00000000a0b1c2d3 index:0x7f0000000 pfn:0x7c03
page dumped because: migration failure
page_owner tracks the page as allocated
page_pinner: pfn 0x7c03 order 0 refcount 3 expected 1 unexpected 2
page_pinner: 1 held, task 312 comm leaky\040\134one since 12.345678 age_ms 8123
page_pinner:  try_get_folio+0x3a/0x110
page_pinner:  gup_fast_pte_range.constprop.0+0x1/0x2
page_pinner:  leak_take+0x12/0x40 [pinner_demo]
page_pinner:  ksys_write+0x5/0x60
page_pinner: 1 unrecorded
page: refcount:1025 mapcount:1 mapping:00000000a0b1c2d3 index:0x7f0000001 pfn:0x7d00
page_pinner: pfn 0x7d00 order 0 refcount 1025 expected 1 unexpected 1024
page_pinner: 1 held, task 40 comm dio since 15.000001 age_ms 5468
page_pinner:  try_grab_folio_fast+0x3a/0x110
page_pinner:  gup_fast_pte_range+0x1/0x2
page_pinner:  pin_user_pages_fast+0x1/0x40
page_pinner:  iov_iter_extract_pages+0x1/0x2
page_pinner:  bio_iov_iter_get_pages+0x1/0x3
page_pinner: 1023 held, task 40 comm dio since 15.000002 age_ms 5468
page_pinner:  try_grab_folio_fast+0x3b/0x110
page_pinner:  gup_fast_pte_range+0x1/0x2
page_pinner:  pin_user_pages_fast+0x1/0x40
page_pinner:  iov_iter_extract_pages+0x1/0x2
page_pinner:  bio_iov_iter_get_pages+0x1/0x3
page_pinner: pfn 0x8000 order 9 refcount 515 expected 512 unexpected 3
page_pinner: 2 one_of, task 7 comm mapper since 18.500000 age_ms 1968
page_pinner:  filemap_get_entry+0x1/0x2
page_pinner:  map_it+0x1/0x2 [third]
page_pinner: 2 one_of, softirq - comm - since 19.500000 age_ms 968
page_pinner:  folio_try_get+0x1/0x2
page_pinner:  skb_frag_ref+0x1/0x2
page_pinner: pfn 0x9000 order 0 refcount 2 expected 1 unexpected 1
page_pinner: 1 batch, task 9 comm walker since 20.250000 age_ms 218
page_pinner:  folio_add_lru+0x1/0x2
page_pinner:  do_anonymous_page+0x1/0x2
page_pinner: listening
END

# said FILE: who holds what, a line for each get, whatever the form of FILE
said()
{
	jq -r '.holders as $h | .folios[] | .pfn as $pfn |
		(.gets[] | .holder as $id | ($h[] | select(.id == $id)) as $by |
			[$pfn, .refs, .confidence, .sure, .pid, .comm, .since_ns, .held_ns,
			 $by.acquire.function, $by.module, $by.class, $by.api,
			 ($by.acquire.stack | join("<"))]),
		[$pfn, "rest", .not_on_record, .in_batches, .given_back] | map(tostring) | join(" ")' "$1"
}

# read_as WANTED-EXIT FORM FILE: reads it, into FORM.json
read_as()
{
	rc=0
	"$tool" holders --format=json "$3" > "$2.json" 2> "$2.err" || rc=$?
	[ "$rc" -eq "$1" ] || { echo "$2: exit $rc"; cat "$2.err"; exit 1; }
}
