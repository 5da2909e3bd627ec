#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Boots the guest under QEMU, runs tests in it, brings their files back and
# judges.  There is always a hard timeout.  KVM is not used: the machines on
# which this must work do not all have it, and one way of running is enough.

set -eu
export LC_ALL=C

usage()
{
	cat <<END
usage: $0 [-hI] -k KERNEL -i INITRAMFS -o DIRECTORY [-a ARCH] [-c CPUS]
       [-d CORE] [-m MIB] [-s FACTOR] [-T single|multi] [-t SECONDS]
       [-x "KERNEL ARGUMENTS"] TEST...
Run the tests of tests/guest/test.d named, in that order, in one guest.
A test may carry arguments: "name arg arg".

DIRECTORY gets: console.log, ktap.log, summary (passed failed skipped), and
results/NAME/ with what each test left.
The default kernel arguments, "$defaults",
come before those of -x.  -s multiplies all timeouts.  -T multi runs the guest's processors in parallel, for
tests that race; see the comment in this file for why it is not the default.
-I makes the guest's clock count instructions, a nanosecond each; one processor.
-d: when a test writes "guest: dump me" to the kernel's log, the guest's memory
goes to the file CORE; core=1 among the kernel arguments says that it will.
LONG=1 in the environment makes tests long that can be, see is_long in lib.sh.
END
}

die()
{
	echo "run.sh: $*" >&2
	exit 1
}

defaults="cma=600M page_pinner=on"
arch=x86_64
cpus=2
memory=1024
limit=1500
slow=1

# With a thread for each processor QEMU 7.2 sometimes runs a stale translation
# of a static branch that the kernel has just patched, and the guest dies of
# "Oops: int3" (2 of 17 boots measured).  With one thread for all of them it
# never did, and a run takes no longer.
thread=single
extra=
kernel=
initramfs=
out=
count=
core=
while getopts hIk:i:o:a:c:d:m:s:T:t:x: option; do
	case $option in
	h) usage; exit 0 ;;
	I) count='-icount shift=0,sleep=off' ;;
	k) kernel=$OPTARG ;;
	i) initramfs=$OPTARG ;;
	o) out=$OPTARG ;;
	a) arch=$OPTARG ;;
	c) cpus=$OPTARG ;;
	d) core=$OPTARG ;;
	m) memory=$OPTARG ;;
	s) slow=$OPTARG ;;
	T) thread=$OPTARG ;;
	t) limit=$OPTARG ;;
	x) extra=$OPTARG ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
if [ -z "$kernel" ] || [ -z "$initramfs" ] || [ -z "$out" ] || [ $# -eq 0 ]; then
	usage >&2
	exit 2
fi
[ -r "$kernel" ] || die "$kernel: not there; build it first"
[ -r "$initramfs" ] || die "$initramfs: not there; build it first"
here=$(cd "$(dirname "$0")" && pwd)

case $arch in
x86_64) qemu=qemu-system-x86_64 machine=q35 console=ttyS0 ;;
*) die "$arch: not a supported architecture" ;;
esac

rm -rf "$out"
mkdir -p "$out/results" "$out/plan.d"

# The plan reaches the guest as a second archive behind the first.  Archives
# begin at multiples of four bytes.
for test in "$@"; do
	echo "$test"
done > "$out/plan.d/plan"
cp "$initramfs" "$out/initrd"
truncate -s %4 "$out/initrd"
(cd "$out/plan.d" && echo plan | cpio --quiet -o -H newc) >> "$out/initrd"
mv "$out/plan.d/plan" "$out/plan"
rmdir "$out/plan.d"

if [ "${LONG-}" = 1 ]; then
	extra="long=1 $extra"
	limit=$((limit * 3))
fi

# What QEMU's monitor is told and says goes through two pipes.
monitor=
if [ -n "$core" ]; then
	core=$(cd "$(dirname "$core")" && pwd)/$(basename "$core")
	mkfifo "$out/monitor.in" "$out/monitor.out"
	monitor="-device vmcoreinfo -chardev pipe,id=monitor,path=$out/monitor
		-mon chardev=monitor,mode=control"
	extra="core=1 $extra"
fi

# dump_when_asked: ends with the guest, or when the core is written.
dump_when_asked()
{
	cat "$out/monitor.out" > "$out/monitor.log" &
	until grep -aq 'guest: dump me' "$out/console.log" 2> /dev/null; do
		sleep 0.2
	done
	echo '{"execute": "qmp_capabilities"}' \
		"{\"execute\": \"dump-guest-memory\", \"arguments\":" \
		"{\"paging\": true, \"protocol\": \"file:$core\"}}" > "$out/monitor.in"
	wait
}

boot()
{
	rm -f "$out/disk" "$out/console.log" "$out/ktap.log"
	truncate -s 1G "$out/disk"
	rc=0
	dumper=
	if [ -n "$core" ]; then
		rm -f "$core"
		dump_when_asked &
		dumper=$!
	fi
	# shellcheck disable=SC2086
	timeout -k 5 "$((limit * slow))" "$qemu" $count \
		-machine "$machine" -accel "tcg,thread=$thread" -cpu max \
		-smp "$cpus" -m "$memory" -nodefaults -no-user-config \
		-no-reboot -display none \
		-kernel "$kernel" -initrd "$out/initrd" \
		-serial "file:$out/console.log" -serial "file:$out/ktap.log" \
		-drive "file=$out/disk,format=raw,if=none,id=out" \
		-device virtio-blk-pci,drive=out $monitor \
		-append "console=$console panic=-1 slow=$slow $defaults $extra" \
		< /dev/null > "$out/qemu.log" 2>&1 || rc=$?
	[ -z "$dumper" ] || kill "$dumper" 2> /dev/null || :
	case $rc in
	0) ;;
	124|137) echo "# the guest ran into its timeout of $((limit * slow)) s" ;;
	*) echo "# $qemu exited with $rc:"; sed 's/^/# /' "$out/qemu.log" ;;
	esac
}

boot
if [ "$thread" = multi ] && grep -aq 'Oops: int3' "$out/console.log"; then
	echo "# QEMU ran a stale static branch (Oops: int3): one more try"
	cp "$out/console.log" "$out/console.stale_branch.log"
	boot
fi

if ! tar -C "$out/results" -xf "$out/disk" 2> "$out/tar.log"; then
	echo "# nothing usable came back on the disk"
fi
rm -f "$out/disk" "$out/initrd"

[ -s "$out/ktap.log" ] && tr -d '\r' < "$out/ktap.log" > "$out/ktap.tmp" &&
	mv "$out/ktap.tmp" "$out/ktap.log"
grep -v '^KTAP\|^1\.\.\|^# Totals\|^# verdict' "$out/ktap.log" || :
"$here/check_console.sh" "$out"
