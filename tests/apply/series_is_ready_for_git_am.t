# SPDX-License-Identifier: GPL-2.0
# description: git am applies the series, with the same result as apply.sh; nobody has signed it off

command -v git > /dev/null || fail "git is not installed"
small_tree tree
small_tree other
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org
export GIT_AUTHOR_NAME=Sender GIT_AUTHOR_EMAIL=sender@example.org
cp "$PRISTINE/MAINTAINERS" tree/
"$repo/scripts/series.sh" "$version" "$PRISTINE" series
[ -s series/0000-cover-letter.txt ] || fail "no cover letter"
cd tree
git init -q .
git add -Af .
git commit -qm pristine
git am -q ../series/*.patch
[ "$(git log -1 --format='%an <%ae>')" = "Sender <sender@example.org>" ] ||
	fail "it is not from its sender"
! grep -l '^Signed-off-by:' ../series/* ||
	fail "signed off by nobody who could"
[ "$(git log --oneline | wc -l)" -eq $(($(ls ../series/*.patch | wc -l) + 1)) ] ||
	fail "not one commit for each patch"
cd ..
rm -rf tree/.git

# A maintainer, in alphabetical order; our files; nothing else.
sed -n '/^PAGE PINNER$/,/^$/p' tree/MAINTAINERS > entry
grep -q '^M:	Sender <sender@example.org>$' entry || fail "$(cat entry)"
for file in mm/page_pinner_ref.c include/linux/page_pinner.h \
		include/trace/events/page_pinner.h Documentation/mm/page_pinner.rst; do
	sed -n 's/^F:	//p' entry | while read -r pattern; do
		# shellcheck disable=SC2254
		case $file in $pattern) echo "$file" ;; esac
	done | grep -q . || fail "$file is in no F: line"
done
grep -x '[A-Z0-9][A-Z0-9 ]*' tree/MAINTAINERS | grep -x -A1 'PAGE PINNER' | tail -n 1 |
	grep -qx 'PAGE P[J-Z].*\|PAGE [Q-Z].*' || fail "it is not in its place"
rm tree/MAINTAINERS
"$apply" other
rm other/.page_pinner-manifest
sed -i '/^# page_pinner: begin$/d; /^# page_pinner: end$/d' other/mm/Kconfig.debug
# results of one machine and one day belong elsewhere
! grep -E 'csv-table|list-table' tree/Documentation/mm/page_pinner.rst ||
	fail "a table of results is in the series"
diff -r tree other
