# SPDX-License-Identifier: GPL-2.0
# description: with trace-cmd record --date the report tells the time of the day, too, and
# its times stay those of dmesg
set -eu
export TZ=UTC
command -v trace-cmd > /dev/null || { echo "no trace-cmd"; exit 4; }
command -v python3 > /dev/null || { echo "no python3"; exit 4; }
xz -dc "$data/forms/trace.dat.xz" > trace.dat
trace-cmd convert -i trace.dat -o plain.dat --file-version 6 --compression none > log 2>&1

# option 1 of a file of version 6, in microseconds; the padding before the data gives way
cat > date.py <<'END'
import struct, sys
text = bytearray(open("plain.dat", "rb").read())
date = sys.argv[1].encode() + b"\0"
option = struct.pack("<HI", 1, len(date)) + date
at = text.index(b"options  \0") + 10
table = text.index(b"flyrecord\0", at) + 10
first = struct.unpack_from("<Q", text, table)[0]
head = text[:at] + option + text[at:first]
assert not any(head[first:])
open("dated.dat", "wb").write(head[:first] + text[first:])
END
python3 date.py 0x645e1a1c3d400
"$tool" report plain.dat > plain
! grep -q '202[0-9]-' plain
"$tool" report dated.dat > dated
date=$((0x645e1a1c3d400 / 1000000 + 7))
sed -n 1p dated | grep -qE "^7\.[0-9]{6} s \($(date -u -d "@$date" '+%Y-%m-%d %H:%M:%S')\): cma_take"
# but for that it is the same report
sed 's/ s ([-0-9]* [:0-9]*)/ s/g; s/dated\.dat/plain.dat/' dated | cmp plain -
for file in plain dated; do
	"$tool" report --format=json $file.dat | jq 'del(.trace.file) | del(.trace.date_ns)' > $file.json
done
cmp plain.json dated.json
[ "$("$tool" report --format=json dated.dat | jq .trace.date_ns)" = "$((0x645e1a1c3d400))000" ]
# --time means what the report says
[ "$("$tool" report --format=json --time=7,8 dated.dat | jq '.failures | length')" -eq 1 ]
