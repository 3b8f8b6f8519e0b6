#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# conform.sh EXOSIM DATA BOARDS - the command `exosim conform`: what it says of programs that go wrong
# (bad.c in the place of conform), names that do not exist, and that the number of workers is nobody's
# business.
set -eu
exosim=$1
data=$2
boards=$3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
wrong=0

fail() {
    echo "not as expected: $*"
    wrong=1
}
# run STATUS ARG...: exosim conform ARG... must end with STATUS; output in $tmp/out, words in $tmp/err
run() {
    want=$1
    shift
    got=0
    "$exosim" conform "$@" >"$tmp/out" 2>"$tmp/err" || got=$?
    [ "$got" -eq "$want" ] || fail "status $got, expected $want: conform $*"
}
says() { grep -qF -- "$1" "$tmp/out" || fail "output without: $1"; }
complains() { grep -qF -- "$1" "$tmp/err" || { fail "no message: $1"; cat "$tmp/err"; }; }

# -- names that do not exist --
run 125 --api mmmap
complains "has no function 'mmmap', did you mean 'mmap'?"
run 125 --group memmory
complains "no group 'memmory': expected one of memory, process, ipc, time, file, network, lib"
run 125 -b nowhere
complains "no board 'nowhere'"
run 125 -b riscv,pc,riscv
complains "board riscv is there twice"
run 125 mmap
complains "takes no argument"
run 125 --api mmap,
complains "an empty function name"
run 125 -j 0
complains "--jobs 0: expected a number"
run 125 -b riscv --api mmap --json "$tmp/no/such/folder"
complains "--json"

# -- the same whatever the workers, board by board in the order asked for --
run 0 -b riscv,decstation --group memory -j 1 --json "$tmp/one.json"
cp "$tmp/out" "$tmp/one"
run 0 -b riscv,decstation --group memory -j 5 --json "$tmp/five.json"
cmp -s "$tmp/one" "$tmp/out" || fail "-j changes the output"
cmp -s "$tmp/one.json" "$tmp/five.json" || fail "-j changes the JSON"
[ "$(head -n 1 "$tmp/out")" = "1..$(grep -cE '^(not )?ok ' "$tmp/out")" ] || fail "the plan"
says "ok 1 - riscv "
run 0 -b riscv,decstation --api mmap
says "ok 2 - decstation mmap"
says "# mmap                 pass   pass"
run 0 -b riscv --api fork --group memory --json "$tmp/json"
grep -q '"name": "fork"' "$tmp/json" || fail "JSON without fork"

# -- a board's file of one's own; one whose MMU has no exokernel is not ported, the others go on --
cp "$boards/riscv.dts" "$tmp/mine.dts"
run 0 -b "$tmp/mine.dts" --api mmap
says "ok 1 - $tmp/mine.dts mmap"

# -- programs that go wrong --
mkdir -p "$tmp/data/guest/riscv64"
ln -s "$data/boards" "$tmp/data/boards"
for f in "$data"/guest/*; do [ "${f##*/}" = riscv64 ] || ln -s "$f" "$tmp/data/guest/"; done
for f in "$data"/guest/riscv64/*; do
    [ "${f##*/}" = conform ] || ln -s "$f" "$tmp/data/guest/riscv64/"
done
cp "$data/guest/riscv64/test-conform-bad" "$tmp/data/guest/riscv64/conform"
EXOSIM_DATA=$tmp/data
export EXOSIM_DATA
run 1 -b riscv --max-cycles 20000000 --json "$tmp/json" \
    --api malloc,mmap,munmap,mprotect,sbrk,calloc,realloc,free,aligned_alloc,fork,kill,raise
says "1..12"
says "- riscv malloc"
says "still running after 20000000 cycles"
says "the run ended with status 124"
says "died of a trap: no translation for the address"
says "the program did not tell all its checks"
says "#   not ok 2 - file.c:7 one == two: got 1, expected 2"
says "riscv free # not ported: mmu.protect"
says "riscv fork # SKIP not applicable: no such thing here"
says "the program ended with 77"
says "there is no conformance program"
for good in malloc aligned_alloc fork; do
    grep -qE "^ok [0-9]+ - riscv $good( |\$)" "$tmp/out" || fail "$good is not ok"
done
for bad in mmap munmap mprotect sbrk calloc realloc free kill raise; do
    grep -qE "^not ok [0-9]+ - riscv $bad( |\$)" "$tmp/out" || fail "$bad is ok"
done
says "# fail                 8"
says "# not ported           1"
grep -q '"result": "not ported"' "$tmp/json" || fail "JSON: not ported"
# Not ported alone is no success either; not applicable is.
run 1 -b riscv --api free
run 0 -b riscv --api fork
# Machines that do not even start.
printf 'nothing' >"$tmp/data/guest/riscv64/conform"
run 1 -b riscv --api malloc
says "not ok 1 - riscv malloc"
says "$tmp/data/guest/riscv64/conform"
mv "$tmp/data/guest/riscv64/exo-radix" "$tmp/gone"
run 1 -b riscv,decstation --api getpid
says "not ok 1 - riscv getpid # not ported: there is no exokernel for MMUs of kind radix"
says "ok 2 - decstation getpid"
exit $wrong
