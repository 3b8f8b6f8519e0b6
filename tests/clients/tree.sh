#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tree.sh FOLDER - make the tree that web server tests serve: sizes around blocks and segments,
# names that need encoding, an index, links inside, and links that lead out of it.
set -eu
mkdir -p "$1"
cd "$1"

# Bytes that look random and are always the same.
LC_ALL=C awk 'BEGIN { x = 12345
    for (i = 0; i < 110000; i++) {
        x = (x * 16807) % 2147483647
        printf "%c%x", 33 + x % 90, x
    } }' >large
truncate -s 700001 large
: >empty
printf x >one
for n in 1459 1460 1461 4095 4096 4097 65537; do
    head -c $n large >bytes-$n
done
mkdir -p page/deep/deeper plain
cat >page/index.html <<END
<!DOCTYPE html><title>index</title>
<link rel=stylesheet href="style.css"><img src="picture.png">
<a href="deep/">deep</a> <a href="../bytes-4097">bytes</a> <a href="../plain/">plain</a>
END
echo 'body { color: navy }' >page/style.css
head -c 20000 large >page/picture.png
echo deep >page/deep/a.txt
echo deeper >page/deep/deeper/b.txt
echo '<&>' >'plain/a file & <more> 100%.txt'
echo umlaut >'plain/grün.txt'
ln -s page/style.css inside
ln -s page folder-link
ln -s ../../../../../../../../etc/passwd outside-relative
ln -s /etc/passwd outside-absolute
ln -s loop-b loop-a
ln -s loop-a loop-b
ln -s nowhere dangling
