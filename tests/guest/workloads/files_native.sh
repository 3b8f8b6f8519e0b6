#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# files_native.sh FOLDER - cp, ls, find, tar and fsstress of FOLDER, built for the host, against the host's
# own tools: output, what they make, what they refuse. Prints TAP; exit status 1 if anything
# differed.
set -u
LC_ALL=C
TZ=UTC
export LC_ALL TZ
bin=$(CDPATH='' cd -- "$1" && pwd)
work=$(mktemp -d) || exit 2
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 2
number=0
failed=0

# check NAME COMMAND...: succeeds?
check() {
    number=$((number + 1))
    name=$1
    shift
    if "$@" >out 2>&1; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/# /' out | head -n 8
        failed=1
    fi
}
# same NAME A B: commands with the same output
same() {
    sh -c "$2" >a.out 2>/dev/null
    sh -c "$3" >b.out 2>/dev/null
    check "$1" diff a.out b.out
}
# Everything about the files below $1, but for times finer than a second.
facts() {
    (cd "$1" && find . -mindepth 1 -printf '%p %m %s %Ts %l %n %U %G %y\n' | sort)
}
same_tree() {
    facts "$2" >a.out
    facts "$3" >b.out
    check "$1: names, modes, times, links" diff a.out b.out
    check "$1: contents" diff -r --no-dereference "$2" "$3"
}

# -- a tree with a bit of everything --
long() { awk -v n="$1" -v c="$2" 'BEGIN { while (n--) printf "%s", c }'; }
deep=$(long 120 d)/$(long 100 e)
mkdir -p tree/a/b "tree/with blank" "tree/$deep" tree/empty
seq 1 20000 >tree/a/numbers
head -c 5000 /dev/zero >tree/a/zeros
: >tree/a/nothing
ln tree/a/numbers tree/second-name
ln -s a/numbers tree/link
ln -s /nowhere tree/absolute
ln -s "$(long 150 t)" tree/long-link
echo deep >"tree/$deep/$(long 200 f)"
ln "tree/$deep/$(long 200 f)" tree/a/deep
echo odd >"tree/with blank/*?[x]"
printf 'x' >"$(printf 'tree/new\nline\\')"
echo hidden >tree/.hidden
chmod 4755 tree/a/b
chmod 640 tree/a/zeros
chmod 555 tree/empty
find tree -exec touch -h -d '2001-02-03 04:05:06' {} +
touch -d 1999-12-31 tree/a/numbers

# -- ls, find --
for option in '' -a -A -d -F -i -n -na -naR -nai -R -s; do
    same "ls $option" "$bin/ls $option tree" "ls -1 --time-style=long-iso $option tree"
done
same 'ls, several' "$bin/ls -n tree/link tree/a tree/.hidden" \
    'ls -1n --time-style=long-iso tree/link tree/a tree/.hidden'
same 'ls, missing' "$bin/ls tree/none 2>&1" 'ls tree/none 2>&1'
for tests in '' '-name "*e*"' '-name "[!a-m]*"' '-name "\*\?\[x]"' '-type f -size +3' \
    '-type l' '! -type d -links +1' '-empty' '-maxdepth 1' '-mindepth 2 -size -10k' \
    '-size 0' '-name tree' '-depth'; do
    same "find $tests" "$bin/find tree $tests | sort" "find tree $tests | sort"
done
check 'find says what it does not know' sh -c "! $bin/find -foo tree"

# -- cp --
"$bin/cp" -rp tree copied
"$bin/cp" tree/a/numbers single
check 'cp -p: times' sh -c 'test ! copied/a/numbers -nt tree/a/numbers'
check 'cp -r' diff -r --no-dereference tree copied
check 'cp' cmp tree/a/numbers single
check 'cp refuses a directory' sh -c "! $bin/cp tree again"
check 'cp refuses itself' sh -c "! $bin/cp single single"
check 'cp refuses into itself' sh -c "! $bin/cp -r copied/a copied/a/b"

# -- tar --
for format in gnu pax ustar; do
    what=
    [ $format = ustar ] && what="--exclude=$(long 200 f) --exclude=deep --exclude=long-link"
    # shellcheck disable=SC2086 # several words
    tar -c --format=$format $what -f host.tar -C tree . 2>tar.out
    same "tar tv of $format" "$bin/tar tvf host.tar" 'tar tvf host.tar'
    rm -rf x1 x2
    mkdir x1 x2
    tar xpf host.tar -C x1
    "$bin/tar" xf host.tar -C x2
    same_tree "tar x of $format" x1 x2
done
"$bin/tar" cf ours.tar -C tree .
tar -c --format=gnu --sort=name -f host.tar -C tree .
rm -rf x1 x2
mkdir x1 x2
tar xpf host.tar -C x1
tar xpf ours.tar -C x2
same_tree 'tar c' x1 x2
[ "$(id -u)" -eq 0 ] && check 'tar c, byte by byte' cmp host.tar ours.tar
same 'tar t through a pipe, one name' "cat host.tar | $bin/tar tf - ./a" 'tar tf host.tar ./a'
check 'tar says what is not there' sh -c "! $bin/tar tf host.tar ./none"
truncate -s 3G sparse
printf y | dd of=sparse bs=1 seek=2200000000 conv=notrunc 2>dd.out
printf x | dd of=sparse bs=1 seek=5000 conv=notrunc 2>dd.out
for version in gnu 0.0 0.1 1.0; do
    how="--format=pax --sparse-version=$version"
    [ $version = gnu ] && how=--format=gnu
    # shellcheck disable=SC2086
    tar -cS $how -f sparse.tar sparse
    rm -rf x2
    mkdir x2
    "$bin/tar" xf sparse.tar -C x2
    check "tar x of a sparse file, $version" cmp sparse x2/sparse
    check 'and it is sparse' sh -c 'test "$(du -k x2/sparse | cut -f1)" -lt 100'
done
head -c 3000 /dev/urandom >noise
check 'tar refuses noise' sh -c "! $bin/tar tf noise"
head -c 9000 host.tar >short.tar
check 'tar notices a short archive' sh -c "! $bin/tar xf short.tar -C x2"

# -- an archive that would write outside --
mkdir -p evil/victim evil/in
echo secret >evil/victim/secret
(
    cd evil || exit
    echo bad >victim/planted
    ln -s .. up
    ln -s "$work/evil/victim" abs
    tar -cPf ../evil.tar --transform 's,^victim/planted$,../victim/p1,' victim/planted
    tar -rPf ../evil.tar --transform "s,^victim/planted$,$work/evil/victim/p2," victim/planted
    tar -rPf ../evil.tar --transform 's,^victim/planted$,a/../../victim/p3,' victim/planted
    tar -rf ../evil.tar up abs
    tar -rf ../evil.tar --transform 's,^victim/planted$,up/victim/p4,' victim/planted
    tar -rf ../evil.tar --transform 's,^victim/planted$,abs/p5,' victim/planted
    rm victim/planted up abs
    cd in && "$bin/tar" xf ../../evil.tar
) >out 2>&1
check 'tar writes nothing outside' sh -c 'test "$(ls -A evil/victim evil)" = "evil:
in
victim

evil/victim:
secret"'

# -- fsstress --
for seed in 1 2; do
    check "fsstress, seed $seed" "$bin/fsstress" -n 300 -s $seed -r -d stress
done
check 'fsstress, processes' "$bin/fsstress" -n 100 -s 4 -p 3 -r -d stress
check 'fsstress left nothing' test ! -e stress
"$bin/fsstress" -n 600 -s 5 -l -d stress >log
wrong=$(awk '$1 == "F" { f[$2] = $4 " " $3 } $1 == "U" { delete f[$2] }
    END { for (p in f) print f[p], p }' log | while read -r sum size path; do
    [ "$(cksum "$path")" = "$sum $size $path" ] || echo "$path"
done)
check 'what it logged is there' test -z "$wrong" -a "$(grep -c '^F' log)" -gt 20
echo "1..$number"
exit $failed
