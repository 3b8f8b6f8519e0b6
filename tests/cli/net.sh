#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# net.sh EXOSIM BOARDS - the command line of networks: wires, captures, records, several machines.
# BOARDS is the folder of the boards' sources. TAP on standard output; status 1 if a check failed.
set -u
exosim=$1
boards=$2
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
    [ "$got" = "$status" ] && grep -qF -- "$words" err
    check $? "exosim $*"
}

# -- what is refused --
ends 125 'no such wire, expected none, user or link:NAME' run --net wifi wc
ends 125 'ports from 1 to 65535' run --net user,hostfwd=80 wc
ends 125 'a percentage from 0 to 100' run --net user,loss=200 wc
ends 125 'a time in us or ms' run --net user,delay=3 wc
ends 125 'a link leads to other machines' run --net link:x wc
ends 125 '--record and --replay: one of them' run --record a --replay b wc
ends 125 '--pcap /nonexistent/f: No such file' run --net user --pcap /nonexistent/f wc
ends 125 '--record /nonexistent/f: No such file' run --record /nonexistent/f wc
ends 125 'it goes with `exosim run`' compare --pcap f wc
ends 125 'they go with `exosim run`' compare --record f wc
ends 125 'record it with `exosim run --record F`' step --net user wc
sed '/nic@/,/};/d' "$boards/riscv.dts" >nonic.dts
ends 125 'has no network interface' run -b ./nonic.dts --net user wc
ends 125 'has no network interface' run -b ./nonic.dts --pcap f wc
ends 125 'no PROGRAM given' run wc --machine
ends 125 "machine 2: no board 'nope'" run wc --machine -b nope wc

# -- a wire to the host: answers, a capture, a record --
for board in decstation riscv arm; do # pio, ring, steer
    "$exosim" run -b $board --net user,loss=3 --pcap pcap --record rec --stats=a.json \
        test-frames arp 5 >a.out 2>err
    echo $? >>a.out
    "$exosim" run -b $board --net user,loss=3 --replay rec --stats=b.json \
        test-frames arp 5 >b.out 2>>err
    echo $? >>b.out
    cmp a.out b.out >out 2>&1 && cmp a.json b.json >>out 2>&1 && grep -q '^10.0.2.2 is 52:55' a.out
    check $? "$board: a replay is the same run"
    tshark -r pcap -T fields -e arp.opcode -e _ws.malformed >out 2>err
    grep -q 1 out && grep -q 2 out && ! grep -q '[a-z]' out
    check $? "$board: tshark reads the capture"
done
ends 125 'recorded with `board arm' run -b riscv --net user,loss=3 --replay rec test-frames arp 5
ends 125 'recorded with `net user,loss=3`, this run has `net user`' run -b arm --net user \
    --replay rec test-frames arp 5
ends 125 'recorded with `cores 1`, this run has `cores 2`' run -b arm --cores 2 \
    --net user,loss=3 --replay rec test-frames arp 5
ends 125 'recorded with `program test-frames' run -b arm --net user,loss=3 --replay rec \
    test-frames arp 6
head -c 700 rec >cut
ends 125 'cut off' run -b arm --net user,loss=3 --replay cut test-frames arp 5
cp rec bad
printf 'X' | dd of=bad bs=1 seek=600 conv=notrunc 2>/dev/null
ends 125 'damaged' run -b arm --net user,loss=3 --replay bad test-frames arp 5
ends 125 'not a file of --record' run --replay "$boards/arm.dts" wc
printf 'one two\n' | "$exosim" run --record rec2 wc >a.out 2>err
"$exosim" run --replay rec2 wc >out 2>err </dev/null && cmp a.out out
check $? 'console input is replayed'
mkdir data && echo x >data/f
"$exosim" run --root data --record rec3 wc f >out 2>err </dev/null
echo y >data/f
ends 125 'recorded with `disk ' run --root data --replay rec3 wc f

# -- waiting --
ends 126 'deadlock' run --net user test-frames wait
"$exosim" run --net user,hostfwd=47611:80 --record rec4 test-frames wait >out 2>err &
first=$!
sleep 1
kill -0 $first
check $? 'a listener on the host is reason to wait'
ends 125 'port 47611: Address already in use' run --net user,hostfwd=47611:80 wc
kill -INT $first
wait $first
[ $? = 130 ] && grep -q interrupted err
check $? 'an interrupt ends the run in order'
ends 130 'interrupted' run --net user,hostfwd=47611:80 --replay rec4 test-frames wait

# -- several machines --
both() {
    timeout 60 "$exosim" run -b riscv --net link:a,loss=10,seed=5 --stats=$1.json \
        test-frames count 80 500 --machine -b decstation --cores 2 --net link:a \
        --pcap $1.pcap test-frames echo 10 --machine -b arm --net link:a,delay=1ms \
        test-frames echo 10 >$1.out 2>err </dev/null
    echo $? >>$1.out
}
both a
both b
cmp a.out b.out >out 2>&1 && cmp a.json b.json >>out 2>&1 && cmp a.pcap b.pcap >>out 2>&1
check $? 'three machines on a link are the same every time'
grep -q '^sent 80, ' a.out && [ "$(grep -c '^echoed 10' a.out)" = 2 ] && tail -n 1 a.out | grep -qx 0
check $? 'and the others go on when one has ended'
"$exosim" run --net link:a test-frames bad --machine --net link:b wc nofile >out 2>err </dev/null
[ $? = 2 ] && grep -q '^frames arp N' out
check $? 'the status is that of the first machine whose is not 0'
finish
