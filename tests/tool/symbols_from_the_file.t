# SPDX-License-Identifier: GPL-2.0
# description: names and modules are the same from each version of trace.dat, and where its
# list of symbols cannot be followed the library's listing takes its place
set -eu
command -v trace-cmd > /dev/null || { echo "no trace-cmd"; exit 4; }
command -v python3 > /dev/null || { echo "no python3"; exit 4; }
xz -dc "$data/forms/trace.dat.xz" > zstd7.dat
trace-cmd convert -i zstd7.dat -o plain6.dat --file-version 6 --compression none > log 2>&1
trace-cmd convert -i zstd7.dat -o plain7.dat --file-version 7 --compression none > log 2>&1
trace-cmd convert -i zstd7.dat -o zlib7.dat --file-version 7 --compression zlib > log 2>&1 || :
"$tool" report --format=json zstd7.dat | jq 'del(.trace.file)' > want
[ "$(jq '[.. | .stack? // empty | .[]] | length' want)" -gt 100 ]
! grep -q '"0x' want
for file in plain6 plain7 zlib7; do
	[ -s $file.dat ] || continue
	"$tool" report --format=json $file.dat | jq 'del(.trace.file)' | cmp want -
done

# a function in a module, put where a function of the kernel is
cat > module.py <<'END'
text = open("plain7.dat", "rb").read()
old = b" page_cache_pipe_buf_release\n"
at = text.index(old)
new = b" pipe_release\t[pipe_mod]".ljust(len(old) - 1) + b"\n"
open("module.dat", "wb").write(text[:at] + new + text[at + len(old):])
# the option that says where the symbols are, given a number that nobody knows
option = b"\x13\x00\x08\x00\x00\x00"
at = text.index(option)
open("hidden.dat", "wb").write(text[:at] + b"\x77" + text[at + 1:])
END
python3 module.py
"$tool" report --format=json module.dat | jq -e '.holders[0] | .module == "pipe_mod" and
	.release.stack[0] == "pipe_release"' > /dev/null
# without them there are no names, and no crash
"$tool" report --format=json hidden.dat > out 2> err || :
jq -e '.failures | length > 0' out > /dev/null
