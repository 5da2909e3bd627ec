# SPDX-License-Identifier: GPL-2.0
# description: apply and revert leave the tree byte for byte as it was

small_tree tree
content tree > before
"$apply" tree
content tree > applied
! cmp -s before applied || fail "apply did nothing"
"$apply" --revert tree
content tree > after
cmp before after
