# SPDX-License-Identifier: GPL-2.0
# description: a change of the user's elsewhere in a patched file survives

small_tree tree
"$apply" tree
echo '/* mine */' >> tree/mm/migrate.c
"$apply" tree
"$apply" --revert tree
[ "$(tail -n 1 tree/mm/migrate.c)" = '/* mine */' ] || fail "it is gone"
sed -i '$d' tree/mm/migrate.c
cmp tree/mm/migrate.c "$PRISTINE/mm/migrate.c"
