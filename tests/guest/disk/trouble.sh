#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# trouble.sh EXOSIM BOARD - disks that are full, hold something else, wear out, belong to somebody else or
# are not there: the workloads say why, with their status, and what is on the disk stays sound.
# Prints TAP; exit status 1 if anything was wrong.
set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH
exosim=$1
board=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
boards=$here/../../../hwmodels/boards
# shellcheck source=tests/tap.sh
. "$here/../../tap.sh"
cd "$work" || exit 2

# says STATUS TEXT NAME COMMAND...: the exit status, and a line of its output like TEXT
says() {
    want=$1 text=$2 name=$3
    shift 3
    timeout 300 "$@" >out 2>&1
    status=$?
    [ $status -eq "$want" ] && { [ -z "$text" ] || grep -qE -- "$text" out; }
    result=$?
    [ $result = 0 ] || echo "# status $status, expected $want and '$text'"
    check $result "$name"
}
image() {
    mke2fs -q -F -t ext2 -b 4096 -I 256 -m 0 -J size=4 \
        -O none,sparse_super,large_file,filetype,dir_index,ext_attr,has_journal img "$1" >made || exit 2
}
# shellcheck disable=SC2086 # a command in several words
guest() {
    says "$1" "$2" "$3" "$exosim" run -b "$board" --disk img --write --file big=big --file a.tar=a.tar $4
}

head -c 6200000 /dev/urandom >big
mkdir many
i=0
while [ $i -lt 60 ]; do
    i=$((i + 1))
    head -c 50000 big >many/file$i
done
tar -cf a.tar many

# -- full --
image 11m
guest 0 '' 'cp' 'cp big /copy'
guest 0 ' [1-9][0-9]* times no space' 'fsstress on a nearly full disk' 'fsstress -n 1500 -z'
guest 1 'No space left on device' 'cp to a full disk' 'cp big /again'
guest 2 'No space left on device' 'tar on a full disk' 'tar xf a.tar'
says 0 '' 'e2fsck -fn' e2fsck -fn img

# -- something else, nothing --
image 12m
if [ "$board" = arm ]; then
    blocks=20 # of 64 pages of 4096 + 128 bytes
    head -c $((blocks * 64 * 4224)) /dev/urandom >img
    guest 2 'Input/output error' 'a chip with something else on it' 'ls /'
    guest 1 'Input/output error' 'it is not written to' 'cp big /copy'
else
    head -c 4194304 /dev/urandom >img
    guest 0 'the disk holds no ext2 file system' 'a disk with something else on it' 'ls /'
    guest 1 'Read-only file system' 'it is not written to' 'cp big /copy'
fi
says 1 'Read-only file system' 'a blank disk' "$exosim" run -b "$board" fsstress
says 2 'No such file or directory' 'nothing on it' "$exosim" run -b "$board" ls /dir
awk '/^ *disk@/ { skip = 1 } !skip { print } skip && /^ *};/ { skip = 0 }' "$boards/$board.dts" >none.dts
says 1 'Read-only file system' 'no disk' "$exosim" run -b none.dts fsstress
says 2 'No such file or directory' 'no disk: no files' "$exosim" run -b none.dts ls /dir

# -- somebody else's --
image 12m
says 0 'Device or resource busy' 'two library OSes, one disk' \
    sh -c "'$exosim' run -b '$board' --disk img ls / -- ls /; :"
says 0 '' 'e2fsck -fn' e2fsck -fn img

# -- wears out --
if [ "$board" = arm ]; then
    image 12m
    sed 's/exo,endurance = <[0-9]*>/exo,endurance = <2>/' "$boards/$board.dts" >worn.dts
    board=worn.dts
    guest 1 'Input/output error' 'a chip that wears out' 'fsstress -n 20000 -z'
    says 0 '' 'the host repairs what is left' sh -c 'e2fsck -p img; test $? -le 1'
fi
finish
