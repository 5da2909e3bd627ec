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
sed -n 's/^\([A-Z0-9].*\)$/\1/p' tree/MAINTAINERS | grep -x -B1 -A1 'PAGE PINNER' || :
rm tree/MAINTAINERS
"$apply" other
rm other/.page_pinner-manifest
sed -i '/^# page_pinner: begin$/d; /^# page_pinner: end$/d' other/mm/Kconfig.debug
# the tables of results are those of one machine and one day
grep -q 'csv-table' other/Documentation/mm/page_pinner.rst ||
	fail "there are no results to leave out"
! grep -q 'csv-table' tree/Documentation/mm/page_pinner.rst ||
	fail "results are in the series"
grep -v -x -F -f other/Documentation/mm/page_pinner.rst \
	tree/Documentation/mm/page_pinner.rst && fail "words of its own"
for section in Usage Controls Limits Implementation; do
	grep -qx "$section" tree/Documentation/mm/page_pinner.rst ||
		fail "the section $section is missing"
done
rm tree/Documentation/mm/page_pinner.rst other/Documentation/mm/page_pinner.rst
diff -r tree other
