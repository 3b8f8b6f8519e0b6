#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# results.sh NATIVE EXOSIM BOARD - programs that compute print the same in the machine as natively;
# programs that measure succeed and print a line for each thing measured. TAP.
set -u
native=$1 exosim=$2 board=$3
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
n=0
bad=0

# verdict STATUS NAME: what went before was right (0) or not
verdict() {
    n=$((n + 1))
    if [ "$1" = 0 ]; then
        echo "ok $n - $2"
    else
        echo "not ok $n - $2"
        sed 's/^/# /' "$work/out" "$work/err" | cut -c 1-200 | head -n 12
        bad=1
    fi
}

guest() {
    "$exosim" run -b "$board" "$@" >"$work/out" 2>"$work/err" </dev/null
}

for line in "matmul 20" "matmul 150" "sieve 2" "matrix 3" "hash 5" "quick 2" "scan 2" "crc 3" \
    "chase 4" "fib 2"; do
    # shellcheck disable=SC2086 # name and argument
    set -- $line
    "$native/$1" "$2" >"$work/want" || exit 2
    guest "$@" && cmp -s "$work/want" "$work/out"
    verdict $? "$line"
done

guest matmul 0
[ $? = 2 ]
verdict $? "matmul refuses size 0 with status 2"

# measures NAME,NAME... PROGRAM ARG...: exit status 0 and exactly these lines
measures() {
    want=$1
    shift
    guest "$@"
    status=$?
    got=$(grep -v '^#' "$work/out" | sed 's/ .*//' | paste -sd, -)
    [ "$status" = 0 ] && [ "$got" = "$want" ]
    verdict $? "$*"
}
measures pipe,shm,lrpc pipes 50
measures lrpc pipes lrpc 300
measures fork procs 5
measures fork,exec,tree procs all 3
measures dirty,prot1,prot100,unprot100,trap,appel1,appel2 vmbench 10
echo "1..$n"
exit $bad
