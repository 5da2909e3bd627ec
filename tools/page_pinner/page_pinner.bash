# SPDX-License-Identifier: GPL-2.0
# bash completion for page_pinner(1)

_page_pinner()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}

	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "report --help" -- "$cur")
		return
	fi
	case $prev in
	-k)
		mapfile -t COMPREPLY < <(compgen -W "failures pages refs blocked max median" -- "$cur")
		return ;;
	esac
	case $cur in
	-*)
		mapfile -t COMPREPLY < <(compgen -W "--input= --output= --format=text
			--format=json --key= --entries= --max-stack= --reason= --comm=
			--pid= --pfn= --kallsyms= --color= --verbose --help" -- "$cur") ;;
	*)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	esac
}
complete -o filenames -o nospace -F _page_pinner page_pinner
