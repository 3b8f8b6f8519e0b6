#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# fs.sh EXOSIM BOARD PROGRAM DIR OPTIONS - PROGRAM on an image that mke2fs OPTIONS makes of a small
# folder; it must succeed, and e2fsck must find nothing in what is left of the image.
set -eu
PATH=$PATH:/sbin:/usr/sbin
dir=$4/$2-$$
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/root/sub"
echo 'hello, disk' >"$dir/root/hello"
seq 1 2000 >"$dir/root/sub/nums"
# shellcheck disable=SC2086 # several options
mke2fs -q -F $5 -d "$dir/root" "$dir/img" 24m >/dev/null
"$1" run -b "$2" --max-cycles 60000000000 --disk "$dir/img" --write "$3"
if ! e2fsck -fn "$dir/img" >"$dir/fsck" 2>&1; then
    cat "$dir/fsck"
    exit 1
fi
