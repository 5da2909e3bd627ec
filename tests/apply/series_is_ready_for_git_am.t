# SPDX-License-Identifier: GPL-2.0
# description: git am applies the series, with the same result as apply.sh

command -v git > /dev/null || fail "git is not installed"
small_tree tree
small_tree other
"$repo/scripts/series.sh" "$version" "$PRISTINE" series
[ -s series/0000-cover-letter.txt ] || fail "no cover letter"
cd tree
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org
git init -q .
git add -Af .
git commit -qm pristine
git am -q ../series/*.patch
[ "$(git log --oneline | wc -l)" -eq $(($(ls ../series/*.patch | wc -l) + 1)) ] ||
	fail "not one commit for each patch"
cd ..
rm -rf tree/.git
"$apply" other
rm other/.page_pinner-manifest
sed -i '/^# page_pinner: begin$/d; /^# page_pinner: end$/d' other/mm/Kconfig.debug
diff -r tree other
