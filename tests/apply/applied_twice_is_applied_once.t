# SPDX-License-Identifier: GPL-2.0
# description: a second apply changes nothing, not even a time

small_tree tree
"$apply" tree
state tree > once
"$apply" tree
state tree > twice
cmp once twice
