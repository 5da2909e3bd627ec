# SPDX-License-Identifier: GPL-2.0
# description: of watched folios the report says what each function took, what came back
# and since when the rest is open; that nothing failed is complete
set -eu
cat > watched.txt <<'END'
# tracer: nop
        alice-201   [000] .....  10.100001: page_pinner_get: pfn=0x1200 order=0 refcount=2 delta=1 reason=watch id=0
        alice-201   [000] .....  10.100001: kernel_stack: <stack trace >
 => page_pinner_mod
 => try_grab_folio
 => taker_function
 => vfs_ioctl
        alice-201   [000] .....  10.300001: page_pinner_get: pfn=0x1201 order=0 refcount=2 delta=1 reason=watch id=0
        alice-201   [000] .....  10.300001: kernel_stack: <stack trace >
 => page_pinner_mod
 => try_grab_folio
 => taker_function
 => vfs_ioctl
        alice-201   [000] .....  10.400001: page_pinner_put: pfn=0x1201 order=0 refcount=1 delta=-1 reason=watch id=0
        alice-201   [000] .....  10.400001: kernel_stack: <stack trace >
 => page_pinner_mod
 => folio_put
 => giver_function
 => vfs_ioctl
END
"$tool" report watched.txt > out
grep -qx 'Nothing failed.' out
grep -q '^0 failures' out
grep -q '^Balance of watched and marked folios$' out
grep -qE '^ +2 +1 +1 +1 +10\.100001 s +taker_function$' out
"$tool" report --format=json watched.txt | jq -e '.failures == [] and .operations == [] and
	(.balances | length) == 1 and (.balances[0] | .function == "taker_function" and
	.took == 2 and .gave_back == 1 and .open == 1 and .open_pages == 1 and
	.open_since_ns == 10100001000)' > /dev/null
