# SPDX-License-Identifier: GPL-2.0
# description: each patch fits the kernel it is made for, line for line

small_tree tree
while IFS= read -r name; do
	patch -d tree -p1 -F0 -f --no-backup-if-mismatch \
		< "$repo/patches/$version/$name" > log ||
		fail "$name: $(cat log)"
	if grep -q 'offset\|fuzz' log; then
		fail "$name: $(cat log)"
	fi
done < "$repo/patches/$version/series"
