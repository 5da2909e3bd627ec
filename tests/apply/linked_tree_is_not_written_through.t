# SPDX-License-Identifier: GPL-2.0
# description: a tree that shares its files by hard links leaves the other alone

small_tree pristine
state pristine > before
cp -al pristine 'a tree'
"$apply" 'a tree'
state pristine > after
cmp before after
