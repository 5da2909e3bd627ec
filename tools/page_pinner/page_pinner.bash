# SPDX-License-Identifier: GPL-2.0
# bash completion for page_pinner(1)

_page_pinner()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}

	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "report record --help" -- "$cur")
		return
	fi
	case $prev in
	--reason|--reason=)
		mapfile -t COMPREPLY < <(compgen -W "alloc_contig compaction longterm_pin
			memory_hotplug memory_failure syscall mempolicy_mbind numa_misplaced
			demotion damon" -- "$cur")
		return ;;
	-k)
		mapfile -t COMPREPLY < <(compgen -W "failures pages refs blocked max median" -- "$cur")
		return ;;
	--by|--by=)
		mapfile -t COMPREPLY < <(compgen -W "holder function module task" -- "$cur")
		return ;;
	esac
	if [ "${COMP_WORDS[1]}" = record ]; then
		mapfile -t COMPREPLY < <(compgen -W "--output= --buffer-size= --reason=
			--dry-run --help" -- "$cur")
		return
	fi
	case $cur in
	-*)
		mapfile -t COMPREPLY < <(compgen -W "--input= --output= --format=text
			--format=json --key= --by= --entries= --max-stack= --reason= --comm=
			--pid= --pfn= --time= --explain= --rules= --fields=
			--field-separator= --format=jsonl --format=csv --format=folded
			--kallsyms= --color= --no-pager --verbose --help" -- "$cur") ;;
	*)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	esac
}
complete -o filenames -o nospace -F _page_pinner page_pinner
