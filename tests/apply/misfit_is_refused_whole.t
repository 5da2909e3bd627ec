# SPDX-License-Identifier: GPL-2.0
# description: a tree that one patch does not fit is left as it was

small_tree tree
tr '\t' ' ' < tree/mm/migrate.c > spaces
mv spaces tree/mm/migrate.c
state tree > before
refused mm/migrate.c "$apply" tree
state tree > after
cmp before after
