#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# programs.sh TOOLS native               the host's builds, on the loopback interface
# programs.sh TOOLS guest EXOSIM BOARD   guests that reach the host through the user-mode network
#
# wget, ping, nc and iperf as clients of servers on the host: what arrives, what they say, and their
# exit statuses. TOOLS: folder of freeport and the native builds. TAP; status 1 if a check failed.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
tools=$1 kind=$2
shift 2
# shellcheck source=tests/tap.sh
. "$here/../tap.sh"
# shellcheck source=tests/clients/frames.sh
. "$here/frames.sh"
sh "$here/tree.sh" "$work/tree" || exit 2
tree=$work/tree

case $kind in
native)
    host=127.0.0.1
    run() {
        program=$1
        shift
        "$tools/$program" "$@"
    }
    ;;
guest)
    exosim=$1 board=$2
    host=10.0.2.2 # the host, as the user-mode network shows it
    captures=0
    run() {
        captures=$((captures + 1))
        timeout 100 "$exosim" run -b "$board" --net user --pcap "$work/pcap.$captures" "$@"
    }
    ;;
esac

# try STATUS WHAT PROGRAM ARGS... <INPUT
try() {
    want=$1 what=$2
    shift 2
    got=0
    run "$@" >"$work/out" 2>"$work/err" || got=$?
    [ "$got" = "$want" ] || echo "# status $got, expected $want"
    [ "$got" = "$want" ]
    check $? "$what"
}
# says WORDS: the last one did, on either output (a guest has one console)
says() {
    cat "$work/out" "$work/err" | grep -aqF -- "$1"
    check $? "... and says '$1'"
}

port=$("$tools/freeport") || exit 2
"$tools/httpd" -p "$port" -d "$tree" >"$work/httpd.log" 2>&1 </dev/null &
started $!
await 10 grep -qs 'httpd: serving' "$work/httpd.log" || exit 2

# -- wget --
for f in empty bytes-4097 large; do
    try 0 "wget $f" wget -q -O - "http://$host:$port/$f" </dev/null
    cmp -s "$tree/$f" "$work/out"
    check $? "... every byte of it"
done
try 0 'wget follows a redirection' wget -q -O - "http://$host:$port/page" </dev/null
cmp -s "$tree/page/index.html" "$work/out"
check $? '... to the right page'
try 8 'wget, nothing there' wget "http://$host:$port/nothing" </dev/null
says '404 Not Found'
closed=$("$tools/freeport")
try 4 'wget, nobody listens' wget "http://$host:$closed/" </dev/null
says 'Connection refused'
try 1 'wget, no URL' wget </dev/null
says 'usage: wget'
try 1 'wget, another protocol' wget ftp://x/y </dev/null
says 'only http://'

# answers TEXT FORMAT: wget's status for a server that says just that
answers() {
    port2=$("$tools/freeport")
    rm -f "$work/nc"
    # shellcheck disable=SC2059 # a format it is
    printf "$3" | timeout 60 "$tools/nc" -l "$port2" >"$work/asked" 2>"$work/nc" &
    nc=$!
    started $nc
    await 10 grep -qs listening "$work/nc"
    try "$1" "wget, $2" wget -q -O - "http://$host:$port2/x" </dev/null
    wait $nc
}
answers 0 'a chunked answer' \
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n'
[ "$(cat "$work/out")" = 'hello world' ]
check $? '... put together'
tr -d '\r' <"$work/asked" | grep -qx "Host: $host:$port2"
check $? '... having said which host it wants'
answers 4 'an answer cut short' 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'
answers 7 'an answer that is no HTTP' 'SSH-2.0-OpenSSH\r\n'
answers 7 'an absurd length' 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc'

# -- nc --
port2=$("$tools/freeport")
timeout 60 "$tools/nc" -l "$port2" <"$tree/bytes-65537" >"$work/nc.got" 2>"$work/nc.err" &
nc=$!
started $nc
await 10 grep -qs listening "$work/nc.err"
try 0 'nc, both ways at once' nc "$host" "$port2" <"$tree/large"
wait $nc
cmp -s "$tree/bytes-65537" "$work/out"
check $? '... what it received'
cmp -s "$tree/large" "$work/nc.got"
check $? '... what it sent'
try 1 'nc, nobody listens' nc "$host" "$closed" </dev/null
says 'Connection refused'
try 2 'nc, no port' nc "$host" 99999 </dev/null
says 'expected a number from 1 to 65535'
rm -f "$work/nc.err"
timeout 60 "$tools/nc" -l -u "$port2" </dev/null >"$work/nc.got" 2>"$work/nc.err" &
nc=$!
started $nc
await 10 grep -qs listening "$work/nc.err"
echo datagram >"$work/datagram"
try 0 'nc -u' nc -u "$host" "$port2" <"$work/datagram"
wait $nc
[ "$(cat "$work/nc.got")" = datagram ]
check $? '... the datagram arrived'

# -- iperf --
port2=$("$tools/freeport")
timeout 120 "$tools/iperf" -s -1 -p "$port2" >"$work/iperf.log" 2>&1 </dev/null &
iperf=$!
started $iperf
await 10 grep -qs serving "$work/iperf.log"
try 0 'iperf, a megabyte each way' iperf -c "$host" -p "$port2" -n 1M </dev/null
says 'sent 1048576 bytes'
says 'received 1048576 bytes'
wait $iperf
check $? '... the server agrees'
try 1 'iperf, nobody listens' iperf -c "$host" -p "$closed" </dev/null

# -- ping --
try 0 'ping' ping -c 2 -i 0.1 "$host" </dev/null
says '2 sent, 2 received, 0% lost'
try 2 'ping, no such name' ping -c 1 name.invalid </dev/null
says 'name.invalid: '

# -- what went over the wire --
if [ "$kind" = guest ]; then
    ok=0
    for pcap in "$work"/pcap.*; do
        frames_right "$pcap" 0 || { ok=1; break; }
    done
    check $ok "tshark finds nothing wrong in the frames of $captures runs"
fi
finish
