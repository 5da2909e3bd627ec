# SPDX-License-Identifier: GPL-2.0
# description: a file of the user's in a place of ours is never overwritten

small_tree tree
echo mine > tree/mm/page_pinner.c
state tree > before
refused mm/page_pinner.c "$apply" tree
state tree > after
cmp before after
