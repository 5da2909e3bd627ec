# SPDX-License-Identifier: GPL-2.0
# description: directories that are no kernel tree are refused

mkdir empty
refused empty "$apply" empty
refused nowhere "$apply" nowhere
small_tree tree
refused manifest "$apply" --revert tree
