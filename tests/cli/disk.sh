#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# disk.sh EXOSIM - the options of the disk: --disk, --write, --root, --disk-size, --power-cut, each
# with what it does and what it refuses. The guest is test-exos-disk, which writes and reads the disk
# by the exokernel's own calls. TAP on standard output; status 1 if a check failed.
set -u
exosim=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/tap.sh
. "$here/../tap.sh"
cd "$work" || exit 1
TMPDIR=$work/tmp
export TMPDIR
mkdir tmp

# ends STATUS WORDS ARGS...: exosim run ARGS ends with STATUS and says WORDS on standard error
ends() {
    status=$1
    words=$2
    shift 2
    got=0
    timeout 60 "$exosim" run "$@" >out 2>err </dev/null || got=$?
    [ "$got" = "$status" ] && grep -qF -- "$words" err
    result=$?
    [ $result = 0 ] || echo "# status $got, expected $status; expected on stderr: $words"
    check $result "run $*"
}

# -- what is refused --
ends 125 '--disk none: No such file' --disk none fib 5
: >empty
ends 125 '--disk empty: the file is empty' --disk empty fib 5
mkdir dir
ends 125 '--disk dir: not a regular file' --disk dir fib 5
head -c 5000 /dev/zero >odd
ends 125 '--disk odd: exo,disk-queue of board riscv cannot have it' -b riscv --disk odd fib 5
ends 125 'has 5000 bytes, expected a multiple of 4096' -b riscv --disk odd fib 5
ends 125 'expected a multiple of 512' -b decstation --disk odd fib 5
ends 125 'expected a multiple of 270336 (erase blocks' -b arm --disk odd fib 5
ends 125 '--write keeps changes in an image: it goes with --disk' --write fib 5
ends 125 '--disk and --root: one disk' --disk odd --root dir fib 5
ends 125 'the image of --disk has a size' --disk odd --disk-size 1M fib 5
ends 125 "--disk-size: '12Q' is no size" --disk-size 12Q fib 5
ends 125 '--disk-size 1000: expected a multiple of 4096' --disk-size 1000 fib 5
ends 125 '--disk-size 0: expected a multiple of 4096' --disk-size 0 fib 5
ends 125 '--power-cut 0: expected a number from 1' --power-cut 0 fib 5
ends 125 '--power-cut x: expected a number' --power-cut x fib 5
ends 125 '--power-cut 1,sed=2: expected N[,seed=S]' --power-cut 1,sed=2 fib 5
ends 125 '--power-cut seed q: expected a number' --power-cut 1,seed=q fib 5
ends 125 '--root none: No such file' --root none fib 5
ends 125 '--root odd: not a folder' --root odd fib 5
head -c 3000000 /dev/urandom >dir/big
ends 125 '--root dir: no file system of 1048576 bytes can be made of it' --root dir --disk-size 1M fib 5
tools=$(mktemp -d -p "$work")
PATH_WAS=$PATH
PATH=$tools
ends_nothing=$PATH_WAS
PATH=$tools:$PATH_WAS
printf '#!/bin/sh\necho mke2fs is broken >&2\nexit 9\n' >"$tools/mke2fs"
chmod +x "$tools/mke2fs"
ends 125 'mke2fs is broken' --root dir fib 5
rm "$tools/mke2fs"
PATH=$ends_nothing
got=0
PATH=$tools "$exosim" run --root dir fib 5 >out 2>err || got=$?
[ $got = 125 ] && grep -q 'it needs e2fsprogs.*cannot run mke2fs' err
check $? '--root without mke2fs'
sed '/disk@/,/};/d' "$(dirname "$exosim")/../boards/riscv.dts" >diskless.dts
ends 125 '--disk: board diskless has no disk' -b ./diskless.dts --disk odd fib 5
ends 125 '--root: board diskless has no disk' -b ./diskless.dts --root dir fib 5
ends 125 '--power-cut: board diskless has no disk' -b ./diskless.dts --power-cut 1 fib 5
"$exosim" run -b ./diskless.dts fib 5 >out 2>err
check $? 'a board without a disk'
got=0
"$exosim" compare -b riscv,pc --disk odd --write fib 5 >out 2>err || got=$?
[ $got = 125 ] && grep -q 'it goes with `exosim run`' err
check $? 'compare refuses --write'

got=0
"$exosim" step -b riscv --disk odd --write fib 5 >out 2>err </dev/null || got=$?
[ $got = 125 ] && grep -q 'it goes with `exosim run`' err
check $? 'step refuses --write'
sed 's/exo,depth = <128>/exo,depth = <100>/' "$(dirname "$exosim")/../boards/riscv.dts" >depth.dts
head -c 8192 /dev/zero >blocks
ends 125 'node /disk@f0005000: exo,disk-queue: exo,depth is 100, expected a power of two' -b ./depth.dts --disk blocks fib 5

# -- what they do, on each kind of disk --
for board in riscv decstation arm; do
    size=8388608
    [ $board = arm ] && size=25952256 # 96 erase blocks of 64 * (4096 + 128)
    if [ $board = arm ]; then
        head -c $size /dev/zero | tr '\0' '\377' >img
    else
        head -c $size /dev/zero >img
    fi
    cp img was
    "$exosim" run -b $board --disk img --stats=s.json test-exos-disk >out 2>err
    check $? "$board: the guest uses the image"
    cmp -s img was
    check $? "$board: and the image stays as it was"
    grep -q '"medium_writes": 0,' s.json
    [ $? = 1 ] && grep -q '"bytes_written": [1-9]' s.json && grep -q '"reads": [1-9]' s.json
    check $? "$board: statistics"
    writes=$(sed -n 's/.*"medium_writes": \([0-9]*\).*/\1/p' s.json)
    chmod 600 img
    "$exosim" run -b $board --disk img --write --stats=t.json test-exos-disk >out 2>err &&
        ! cmp -s img was && [ "$(stat -c '%s %a' img)" = "$size 600" ]
    check $? "$board: --write keeps what the guest wrote"
    cmp -s s.json t.json
    check $? "$board: --write changes nothing in the machine"
    [ "$(ls | grep -c '^img')" = 1 ]
    check $? "$board: and leaves nothing beside the image"
    cp was img
    ends 123 "the power failed at write 3 to the disk" -b $board --disk img --write --power-cut 3,seed=5 test-exos-disk
    [ "$(wc -l <err)" = 1 ]
    check $? "$board: one line about it"
    cp img first
    cp was img
    ends 123 "the power failed at write 3" -b $board --disk img --write --power-cut 3,seed=5 test-exos-disk
    cmp -s img first
    check $? "$board: the same cut leaves the same"
    cp was img
    ends 123 "the power failed at write $writes to" -b $board --disk img --power-cut "$writes" test-exos-disk
    cmp -s img was
    check $? "$board: without --write the image stays as it was"
    "$exosim" run -b $board --disk img --power-cut $((writes + 1)) test-exos-disk >out 2>err
    check $? "$board: a cut that never comes"
    "$exosim" run -b $board --disk-size 32M --stats=s.json test-exos-disk >out 2>err
    check $? "$board: --disk-size"
done

# -- an image that another exosim writes --
cp was img
(
    exec 9<>img
    flock -x 9
    "$exosim" run --disk img --write fib 5 >out 2>err 9>&-
    echo $? >status
)
[ "$(cat status)" = 125 ] && grep -q 'another exosim keeps its changes' err
check $? 'two --write of one image'

# -- --write that fails --
# without the right to write: as root, by becoming somebody else
cp was img
chmod 444 img
chmod 755 "$work"
if [ "$(id -u)" != 0 ]; then
    ends 125 '--disk img: Permission denied (--write has to write it)' --disk img --write fib 5
elif setpriv --reuid=65534 --clear-groups test -x "$exosim" 2>err; then
    got=0
    setpriv --reuid=65534 --clear-groups "$exosim" run --disk img --write fib 5 >out 2>err || got=$?
    [ $got = 125 ] && grep -qF -- '--disk img: Permission denied (--write has to write it)' err
    check $? '--write of an image that may not be written'
    got=0
    setpriv --reuid=65534 --clear-groups "$exosim" run --disk img fib 5 >out 2>err || got=$?
    [ $got = 0 ]
    check $? 'which can be used without it'
fi
chmod 644 img
head -c 8388608 /dev/zero >img
cp img was
got=0
(
    trap '' XFSZ
    ulimit -f 2048 # blocks of 512 or 1024 bytes: less than the image either way
    "$exosim" run --disk img --write test-exos-disk >out 2>err </dev/null
) || got=$?
[ $got = 125 ] && grep -q -- '--write: img: .*; the image is as it was' err && cmp -s img was &&
    [ "$(ls | grep -c '^img')" = 1 ]
check $? '--write without room: said, and the image is as it was'

# -- --root: the image is a sound file system, the same each time --
mkdir -p root/sub/deep
echo hello >root/hello
ln -s hello root/link
ln root/hello root/sub/hard
truncate -s 300M root/sparse
head -c 100000 /dev/urandom >root/sub/deep/data
i=0
while [ $i -lt 300 ]; do
    : >"root/sub/file$i"
    i=$((i + 1))
done
keep=$work/kept
printf '#!/bin/sh\nPATH=%s\nmke2fs "$@" || exit\nfor a; do case $a in */image) cp "$a" %s ;; esac; done\n' \
    "$PATH" "$keep" >"$tools/mke2fs"
chmod +x "$tools/mke2fs"
for board in riscv decstation arm; do
    PATH=$tools:$PATH_WAS "$exosim" run -b $board --root root fib 5 >out 2>err
    check $? "$board: --root"
    e2fsck -fn "$keep" >out 2>err
    check $? "$board: e2fsck finds nothing"
done
[ "$(stat -c %s "$keep")" = 16777216 ]
check $? '--root: 16 MiB are enough here'
debugfs -R 'cat /sub/hard' "$keep" 2>err >out && [ "$(cat out)" = hello ]
check $? '--root: the content'
[ -z "$(ls -A tmp)" ]
check $? 'no temporary file is left'

# -- an ext2 image on flash: there and back --
if [ -x "$(dirname "$exosim")/../ftlimage" ]; then
    cp "$keep" ext2.img
    "$exosim" run -b arm --disk ext2.img fib 5 >out 2>err
    check $? 'an ext2 image on a flash board'
    "$exosim" run -b arm --disk ext2.img --write fib 5 >out 2>err && cmp -s ext2.img "$keep"
    check $? 'and with --write, when nothing was written'
fi
finish
