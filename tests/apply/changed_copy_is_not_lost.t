# SPDX-License-Identifier: GPL-2.0
# description: a file of ours that the user changed is neither removed nor replaced

small_tree tree
"$apply" tree
echo '/* mine */' >> tree/mm/page_pinner.c
state tree > before
refused mm/page_pinner.c "$apply" --revert tree
refused mm/page_pinner.c "$apply" tree
state tree > after
cmp before after
