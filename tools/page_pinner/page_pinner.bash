# SPDX-License-Identifier: GPL-2.0
# bash completion for page_pinner(1); the program itself knows what fits.

_page_pinner()
{
	local words=() word glue= last=${COMP_WORDS[COMP_CWORD]} i

	# With the word breaks of bash --by=f is three words: join them again.
	for ((i = 1; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $word == "=" || -n $glue ]] && ((${#words[@]})); then
			words[-1]+=$word
		else
			words+=("$word")
		fi
		glue=
		[[ $word != "=" ]] || glue=1
	done
	((${#words[@]})) || words=("")
	[[ $last != "=" ]] || last=

	# What stands before the last of bash's words stays as it is.
	local before=${words[-1]%"$last"} fits=()
	mapfile -t fits < <("$1" --complete "${words[@]}" 2> /dev/null)
	COMPREPLY=()
	for word in "${fits[@]}"; do
		if [[ $word == "@" ]]; then
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$last")
			compopt -o filenames 2> /dev/null
		else
			COMPREPLY+=("${word#"$before"}")
		fi
	done
	[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2> /dev/null
}
complete -F _page_pinner page_pinner
