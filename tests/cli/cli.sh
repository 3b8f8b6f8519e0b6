#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cli.sh EXOSIM - the contract of the command line (DESIGN.md section 7): exit statuses, where
# words go, and that every refusal says what, where and what was expected. TAP on standard
# output; status 1 if a check failed.
set -u
exosim=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/tap.sh
. "$here/../tap.sh"
cd "$work" || exit 1

# ends STATUS WORDS ARGS...: exosim ARGS ends with STATUS and says WORDS on standard error
ends() {
    status=$1
    words=$2
    shift 2
    got=0
    timeout 60 "$exosim" "$@" >out 2>err </dev/null || got=$?
    if [ "$got" = "$status" ] && grep -qF -- "$words" err; then
        check 0 "exosim $*"
    else
        echo "# status $got, expected $status; expected on stderr: $words"
        check 1 "exosim $*"
    fi
}

# prints WORDS ARGS...: status 0, WORDS on standard output, standard error empty
prints() {
    words=$1
    shift
    got=0
    timeout 60 "$exosim" "$@" >out 2>err </dev/null || got=$?
    if [ "$got" = 0 ] && [ ! -s err ] && grep -qF -- "$words" out; then
        check 0 "exosim $*"
    else
        echo "# status $got; expected on stdout: $words"
        check 1 "exosim $*"
    fi
}

# -- lists --
prints 'Usage: exosim COMMAND' --help
prints 'exosim 0.1' --version
prints 'decstation     mips32   softtlb' boards
prints 'riscv          riscv64  radix' boards -b riscv
prints 'exo,entries' models mmu
prints 'exo,track-sectors' models disk
prints 'console_write(bytes, n)' api
prints 'calls' api -b pc,decstation
ends 125 "no class 'cat'" models cat
ends 125 'Usage' # no command at all
ends 125 "no command 'fly'" fly
ends 127 "no program 'x'" view x
ends 125 "no group 'x'" conform --group x
prints 'mprotect' api --library
ends 125 'no -b' api --library -b riscv

# -- run: command line --
ends 125 'no PROGRAM' run
ends 125 "'--colour'" run --colour wc
ends 125 '--disk x: No such file' run --disk x wc
ends 125 '--gdb' run --gdb 99999 wc
ends 125 "--seed x: expected a number" run --seed x wc
ends 125 "--cores 99: expected a number from 1 to 8" run --cores 99 wc
ends 125 "'12Q' is no size" run --mem 12Q wc
ends 125 'too small' run --mem 4096 wc
ends 125 'expected NAME=PATH' run --file x wc
ends 125 'nothing behind the last' run wc --
ends 125 'one board, please' run -b arm,pc wc
ends 125 "--trace records one run" compare --trace t wc

# -- run: files --
ends 125 "no board 'nope'" run -b nope wc
ends 125 'board file ./nope.dts: No such file' run -b ./nope.dts wc
ends 127 "no program 'nope'" run nope
ends 125 '--file f=/nonexistent: No such file' run --file f=/nonexistent wc f
ends 125 '--trace /nonexistent/t' run --trace /nonexistent/t wc
ends 125 '--stats: /nonexistent/s' run --stats=/nonexistent/s wc
ends 125 'plugin ./none.so cannot be loaded' run --plugin ./none.so wc
echo 'no program' >text
ends 125 'not an ELF file' run ./text
mkdir folder.dts
ends 125 'is a folder' run -b folder.dts wc
echo '/dts-v1/; / { compatible = "exo,board"; };' >empty.dts
ends 125 'no node memory@0' run -b ./empty.dts wc
echo 'nonsense' >bad.dts
ends 125 'bad.dts' run -b ./bad.dts wc
data=$(CDPATH='' cd -- "$(dirname -- "$exosim")/.." && pwd)/guest
ends 125 'built for MIPS' run -b riscv "$data/mips32/wc"
ends 125 'built for RISC-V' run -b decstation "$data/riscv64/wc"
head -c 5000 "$data/riscv64/wc" >cut
ends 125 'truncated' run -b riscv ./cut
if [ -w /dev/full ]; then
    got=0
    "$exosim" run wc >/dev/full 2>err </dev/null || got=$?
    [ "$got" = 125 ] && grep -q 'No space left' err
    check $? 'a full disk under standard output is said'
    ends 125 'No space left' run --trace /dev/full wc
    ends 125 'No space left' run --stats=/dev/full wc
fi

# -- run: guests --
printf 'one two\nthree\n' >text
printf ' 2  3 14 text\n' >expected
for board in $("$exosim" boards | sed -n '2,$s/ .*//p'); do
    "$exosim" run -b "$board" --file text=text wc text >out 2>err
    check $? "wc on $board: status 0"
    cmp -s out expected && [ ! -s err ]
    check $? "wc on $board: its output and nothing else"
    "$exosim" run -b "$board" --cores 2 --stats=a.json --file text=text wc text -- sort text >out 2>err &&
        "$exosim" run -b "$board" --cores 2 --stats=b.json --file text=text wc text -- sort text >out 2>err &&
        cmp -s a.json b.json && grep -q '"trace_hash"' a.json
    check $? "$board: the same run on two cores has the same statistics and trace hash"
done
printf 'one two\nthree\n' | "$exosim" run wc >out 2>err
[ "$(tr -s ' ' <out)" = ' 2 3 14' ]
check $? 'standard input reaches the guest'

# -- cc, and what happens to programs --
for board in riscv decstation pc arm; do
    "$exosim" cc -b $board -o prog "$here/end.c" >out 2>err
    check $? "cc for $board"
    "$exosim" run -b $board ./prog status 7 >out 2>err
    [ $? = 7 ]
    check $? "$board: the guest's status is ours"
    ends 126 'died of a trap: no translation for the address' run -b $board ./prog read 16
    grep -q 'end.c:' err && grep -q 'reading 0x10' err && grep -q 'last events' err
    check $? "$board: the trap report names the line, the address and the last events"
    ends 126 'died of a trap' run -b $board ./prog jump 16
    ends 124 'still running after 50000000 cycles' run -b $board --max-cycles 50000000 ./prog loop 0
    grep -q ' pc .*\.c:[0-9]' err
    check $? "$board: and where it was"
done
ends 126 'deadlock' run -b arm ./prog wait 0
ends 125 'cc: no -o OUT' cc x.c
ends 125 'x.c cannot be read' cc -o x x.c
ends 125 "unknown option '--fast'" cc --fast -o x x.c

# -- compare --
prints 'outputs equal on 2 boards: 14 bytes' compare -b riscv,decstation --file text=text wc text
ends 127 "no program 'nope'" compare -b riscv nope
"$exosim" compare -b riscv,decstation --stats=c.json --file text=text wc text >out 2>err
[ "$(grep -c '"board"' c.json)" = 2 ]
check $? 'compare --stats writes a list'

# -- bench --
ends 125 "no bench 'nope'" bench nope
"$exosim" bench -b riscv --json m.json memory >out 2>err && grep -q '"ratio"' m.json
check $? 'bench --json'
finish
