# SPDX-License-Identifier: GPL-2.0
# description: a file that the tree does not have is named, nothing changes

small_tree tree
rm tree/mm/page_isolation.c
state tree > before
refused mm/page_isolation.c "$apply" tree
state tree > after
cmp before after
