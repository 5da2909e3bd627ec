# SPDX-License-Identifier: GPL-2.0
# description: an unsupported kernel is refused, and the supported ones named

small_tree tree
sed -i 's/^PATCHLEVEL = .*/PATCHLEVEL = 3/' tree/Makefile
state tree > before
refused "$version" "$apply" tree
state tree > after
cmp before after
