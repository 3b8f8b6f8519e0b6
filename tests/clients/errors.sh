#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# errors.sh TOOLS EXOSIM BOARD - no network, a dead wire, wrong options, and that a recorded run replays.
# TAP.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
tools=$1 exosim=$2 board=$3
# shellcheck source=tests/tap.sh
. "$here/../tap.sh"

# ends STATUS WORDS WHAT RUN-ARGS...
ends() {
    want=$1 words=$2 what=$3
    shift 3
    got=0
    timeout 100 "$exosim" run -b "$board" "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" = "$want" ] || echo "# status $got, expected $want with '$words'"
    [ "$got" = "$want" ] && cat "$work/out" "$work/err" | grep -qF -- "$words"
    check $? "$what"
}

# -- nobody there --
ends 4 'nreachable' 'wget without a network' --net none wget http://10.0.2.2/
ends 1 'nreachable' 'nc without a network' --net none nc 10.0.2.2 80
ends 2 'name.example: ' 'a name without a network' --net none ping -c 1 name.example
ends 4 'wget: 169.254.1.9:80: ' 'wget on a wire with nobody there' --net link:x wget http://169.254.1.9/ \
    --machine --net link:x netbench
ends 1 'httpd: .: ' 'a server without a file system' --net user httpd
ends 1 'httpd: /nowhere: No such file or directory' 'a server without its folder' --root "$here" httpd -d /nowhere

# -- wrong options --
ends 125 '--net' 'no such network' --net moon wget x
ends 125 'hostfwd' 'a forward without ports' --net user,hostfwd=x wget x
ends 125 'loss' 'a loss that is no percentage' --net link:x,loss=200 wget x
taken=$("$tools/freeport")
"$tools/nc" -l "$taken" >/dev/null 2>"$work/nc" </dev/null &
started $!
await 10 grep -qs listening "$work/nc"
ends 125 "$taken" 'a host port that is taken' --net "user,hostfwd=$taken:80" httpd
ends 125 '/nonexistent' 'a capture that cannot be written' --net user --pcap /nonexistent/f wget x
ends 125 '/nonexistent' 'a recording that cannot be written' --net user --record /nonexistent/f wget x
ends 125 '/nonexistent' 'a recording that is not there' --net user --replay /nonexistent/f wget x
echo nonsense >"$work/nonsense"
ends 125 'nonsense' 'a recording that is none' --net user --replay "$work/nonsense" wget x

# -- record and replay --
sh "$here/tree.sh" "$work/tree" || exit 2
port=$("$tools/freeport")
"$tools/httpd" -p "$port" -d "$work/tree" >"$work/httpd.log" 2>&1 </dev/null &
server=$!
started $server
await 10 grep -qs 'httpd: serving' "$work/httpd.log"
fetch() { # FILE OPTIONS...
    stats=$1
    shift
    timeout 100 "$exosim" run -b "$board" --stats="$work/$stats" "$@" \
        wget -q -O - "http://10.0.2.2:$port/bytes-65537" >"$work/$stats.out" 2>"$work/err" </dev/null
}
fetch recorded --net user --record "$work/record" && cmp -s "$work/tree/bytes-65537" "$work/recorded.out"
check $? 'a run that is recorded'
kill $server
fetch replayed --net user --replay "$work/record"
check $? 'is replayed without the server'
cmp -s "$work/recorded.out" "$work/replayed.out" &&
    grep -q trace_hash "$work/recorded" && cmp -s "$work/recorded" "$work/replayed"
check $? 'and has the same output, statistics and trace hash'
finish
