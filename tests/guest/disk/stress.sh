#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# stress.sh EXOSIM BOARD - fsstress as a guest: one process, and three at once, on file systems with blocks of
# 4096 and of 1024 bytes; e2fsck must find nothing afterwards. Prints TAP.
set -u
PATH=$PATH:/usr/sbin:/sbin
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/tap.sh
. "$here/../../tap.sh"
for block in 4096 1024; do
    for how in '-n 1000 -s 11' '-p 3 -n 250 -s 21 -r'; do
        mke2fs -q -F -t ext2 -b $block -I 256 -m 0 -J size=4 \
            -O none,sparse_super,large_file,filetype,has_journal "$work/img" 32m >"$work/made" || exit 2
        # shellcheck disable=SC2086 # several words
        timeout 300 "$1" run -b "$2" --disk "$work/img" --write fsstress $how >"$work/out" 2>&1 &&
            e2fsck -fn "$work/img" >>"$work/out" 2>&1
        check $? "fsstress $how, blocks of $block"
    done
done
finish
