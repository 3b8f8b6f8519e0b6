#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# unpack.sh EXOSIM BOARD short|full - a real archive on the board's disk: guests unpack it, list it, copy it and
# archive it anew; the host's tools read what they left (e2fsck, debugfs, tar, ls, find).
#
#   short   some hundred files of /usr/share/doc      full   all of it
#
# Prints TAP; exit status 1 if anything was wrong, 77 if the host has no such files.
set -u
LC_ALL=C
TZ=UTC
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL TZ PATH
exosim=$1
board=$2
extent=$3
from=/usr/share/doc
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/tap.sh
. "$here/../../tap.sh"
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT

# does WHAT COMMAND...: a line; the command succeeds
does() {
    what=$1
    shift
    "$@" >"$work/out" 2>&1
    check $? "$what"
}
guest() {
    timeout 900 "$exosim" run -b "$board" --mem "$memory" --disk "$work/img" --write "$@"
}
dump() {
    rm -rf "$2"
    mkdir "$2"
    debugfs -R "rdump $1 $2" "$work/img" 2>"$work/debugfs"
}
# Everything about the files below $1, but for times finer than a second.
facts() {
    (cd "$1" && find . -mindepth 1 -printf '%p %m %s %Ts %l %n %U %G %y\n' | sort)
}

# -- the archive, as the host makes and unpacks it --
case $extent in
short)
    memory=64M
    find "$from" -type f -size -12k | sort | awk 'NR % 23 == 1' | head -n 150 >"$work/names"
    ;;
*)
    memory=512M
    find "$from" | sort >"$work/names"
    ;;
esac
[ -s "$work/names" ] || { echo "1..0 # SKIP nothing in $from" && exit 77; }
mkdir "$work/tree"
tar -cf - --no-recursion -T "$work/names" 2>/dev/null | tar -xpf - -C "$work/tree"
mkdir -p "$work/tree/extra/empty"
seq 1 60000 >"$work/tree/extra/numbers"
ln "$work/tree/extra/numbers" "$work/tree/extra/again"
ln -s ../extra/numbers "$work/tree/extra/link"
ln -s /nowhere "$work/tree/extra/absolute"
truncate -s 40M "$work/tree/extra/sparse"
printf x | dd of="$work/tree/extra/sparse" bs=1 seek=33000000 conv=notrunc 2>"$work/dd"
find "$work/tree" -exec touch -h -d '2011-12-13 14:15:16' {} +
(cd "$work/tree" && tar -cSf "$work/archive" --format=gnu --sort=name .)
files=$(find "$work/tree" | wc -l)
size=$(($(du -sk "$work/tree" | cut -f1) * 4 + 24576))
mke2fs -q -F -t ext2 -b 4096 -I 256 -m 0 -J size=4 -N $((files * 3 + 200)) \
    -O none,sparse_super,large_file,filetype,dir_index,ext_attr,has_journal "$work/img" ${size}k >"$work/mke2fs" || exit 2

# -- unpacked by a guest --
does "tar unpacks $files files" guest --file "archive=$work/archive" tar xf archive -C /
does 'e2fsck -fn' e2fsck -fn "$work/img"
dump / "$work/got"
rmdir "$work/got/lost+found"
does 'content' diff -r --no-dereference "$work/tree" "$work/got"
# debugfs gives links the time of today, and makes two files of two names of one
plain() { facts "$1" | grep -v ' l$' | awk '{ $5 = ""; print }'; }
plain "$work/tree" >"$work/a"
plain "$work/got" >"$work/b"
does 'modes, times, owners' diff "$work/a" "$work/b"

# -- read by guests --
guest ls -nR / >"$work/a" 2>&1
(cd "$work/tree" && ls -nR --time-style=long-iso .) >"$work/b"
names() { awk 'NF >= 8 && $1 != "total" { print $1, $3, $4, $5, $6, $7, $8, $9, $10 }' "$1" | grep -v -e '^d' -e '/$' | sort; }
names "$work/a" >"$work/an"
names "$work/b" >"$work/bn"
does 'ls -nR' diff "$work/an" "$work/bn"
guest find / -type f -size +2 ! -name lost+found >"$work/a" 2>&1
(cd "$work/tree" && find . -type f -size +2 | sed 's/^\.//') | sort >"$work/b"
sort "$work/a" >"$work/as"
does 'find' diff "$work/as" "$work/b"
guest --file "archive=$work/archive" tar tvf archive >"$work/a" 2>&1
tar tvf "$work/archive" >"$work/b"
does 'tar tv' diff "$work/a" "$work/b"

# -- an archive of a guest's, read by the host --
rest='extra/again extra/absolute extra/empty extra/link extra/numbers usr'
# shellcheck disable=SC2086 # several words
does 'tar makes an archive' guest tar cf /back.tar -C / $rest
debugfs -R "dump /back.tar $work/back.tar" "$work/img" 2>"$work/debugfs"
mkdir "$work/back"
does 'the host unpacks it' tar -xpf "$work/back.tar" -C "$work/back"
rm "$work/tree/extra/sparse"
touch -d '2011-12-13 14:15:16' "$work/tree/extra" "$work/back/extra"
facts "$work/tree" >"$work/a"
facts "$work/back" >"$work/b"
does 'names, modes, times, links' diff "$work/a" "$work/b"
does 'content' diff -r --no-dereference "$work/tree" "$work/back"

# -- copied by a guest --
does 'cp -rp' guest cp -rp /usr /copy
dump /copy "$work/copied"
does 'its content' diff -r --no-dereference "$work/tree/usr" "$work/copied/copy"
does 'e2fsck -fn' e2fsck -fn "$work/img"
finish
