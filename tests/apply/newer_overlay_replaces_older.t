# SPDX-License-Identifier: GPL-2.0
# description: applying a changed overlay equals applying it to a pristine tree

small_tree tree
mkdir ours
cp -R "$repo/mm" "$repo/include" "$repo/Documentation" "$repo/patches" ours/
"$apply" tree
last=$(tail -n 1 "ours/patches/$version/series")
sed -i '$d' "ours/patches/$version/series"
echo '/* newer */' >> ours/mm/page_pinner.c
: > ours/mm/page_pinner_more.c
PAGE_PINNER_OVERLAY=$PWD/ours "$apply" tree
small_tree fresh
PAGE_PINNER_OVERLAY=$PWD/ours "$apply" fresh
content tree > updated
content fresh > anew
cmp updated anew || fail "not the same (without $last): $(diff updated anew)"
"$apply" tree
[ ! -e tree/mm/page_pinner_more.c ] || fail "a file of the older one is left"
