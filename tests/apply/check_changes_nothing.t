# SPDX-License-Identifier: GPL-2.0
# description: --check says yes, and touches nothing

small_tree tree
state tree > before
"$apply" --check tree
state tree > after
cmp before after
