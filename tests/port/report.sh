#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# report.sh EXOSIM CHECK - `exosim port report` as its users see it: forms, the same twice, bad input;
# CHECK is report_check. Exit: 0 right, 1 wrong.
set -eu
exosim=$1
check=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad=0

fails() { # fails STATUS WORDS ARGS...: that status, and a message with these words
    want=$1 words=$2
    shift 2
    status=0
    "$exosim" port report "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
    if [ "$status" != "$want" ] || ! grep -q -- "$words" "$tmp/err"; then
        echo "port report $*: status $status, expected $want and '$words':"
        cat "$tmp/err"
        bad=1
    fi
}
says() { # says WORDS: in the last output
    grep -q -- "$1" "$tmp/out" || {
        echo "no '$1' in:"
        cut -c1-200 "$tmp/out" | head -n 40
        bad=1
    }
}

# two boards: a row a function, totals, an explanation each; twice the same
apis=mprotect,mmap,fork,read,getpid,strlen
for i in 1 2; do
    "$exosim" port report --from riscv --to decstation --api $apis --json "$tmp/$i.json" \
        >"$tmp/$i.txt"
done
cmp "$tmp/1.txt" "$tmp/2.txt" || bad=1
cmp "$tmp/1.json" "$tmp/2.json" || bad=1
cp "$tmp/1.txt" "$tmp/out"
for word in $(echo $apis | tr , ' '); do says "^$word "; done
says 'write .*mmu softtlb'
says 'calls +tlb_write'
says 'traps +tlb_miss'
says '^(total) '
says '^Checks: 0 errors'

# all forms at once on three boards
"$exosim" port report -b riscv,decstation,riscv-softtlb --api $apis --matrix --calls \
    --json "$tmp/3.json" --html "$tmp/a.html" >"$tmp/out"
says 'from .* to '
says '^[0-9]*  *tlb_write  *MMU_SOFTTLB  *-  *[0-9]*+[1-9]'
"$check" json "$tmp/3.json" || bad=1
"$exosim" port report -b riscv,decstation,riscv-softtlb --api $apis --html "$tmp/b.html" >/dev/null
cmp "$tmp/a.html" "$tmp/b.html" || bad=1

# nothing is run, nothing is written twice
"$exosim" port report --written --from arm --to arm >"$tmp/out"
says '^mprotect  *memory  *0 '
says 'nothing was run'

fails 125 "no such function" --api nosuch --from riscv --to pc
fails 125 "nosuchboard" --from nosuchboard --to pc
fails 125 "go together" --from riscv
fails 125 "no -b" --from riscv --to pc -b arm
fails 125 "takes no argument" extra
fails 125 "/nonexistent/f" --written -b riscv --html /nonexistent/f
fails 125 "/nonexistent/f" --written -b riscv --json /nonexistent/f
mkdir -p "$tmp/data/boards"
for f in boards guest; do
    rm -rf "$tmp/data/$f"
    ln -s "$(dirname "$(dirname "$exosim")")/$f" "$tmp/data/$f"
done
status=0
EXOSIM_DATA=$tmp/data "$exosim" port report --written -b riscv --html "$tmp/c.html" \
    >"$tmp/out" 2>"$tmp/err" || status=$?
if [ $status != 125 ] || ! grep -q 'report/page.html' "$tmp/err"; then
    echo "without the page's file: status $status"
    cat "$tmp/err"
    bad=1
fi
exit $bad
