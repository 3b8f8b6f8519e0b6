#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# httpd.sh TOOLS native                  the host's build of httpd
# httpd.sh TOOLS guest EXOSIM BOARD      httpd on a board, reached through the user-mode network
#
# The web server against real clients: curl, wget, and raw requests. TOOLS: folder of freeport and of
# the native nc. TAP; status 1 if a check failed.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
tools=$1 kind=$2
shift 2
# shellcheck source=tests/tap.sh
. "$here/../tap.sh"
# shellcheck source=tests/clients/frames.sh
. "$here/frames.sh"
sh "$here/tree.sh" "$work/root/site" || exit 2
tree=$work/root/site
port=$("$tools/freeport") || exit 2

case $kind in
native) "$tools/httpd" -p "$port" -d "$tree" >"$work/log" 2>&1 </dev/null & ;;
guest)
    exosim=$1 board=$2
    "$exosim" run -b "$board" --root "$work/root" --net "user,hostfwd=$port:80" \
        --pcap "$work/pcap" httpd -d /site >"$work/log" 2>&1 </dev/null &
    ;;
esac
server=$!
started $server
if ! await 30 grep -qs 'httpd: serving' "$work/log"; then
    cp "$work/log" "$work/out"
    check 1 'the server is ready'
    finish
fi

url=http://127.0.0.1:$port
get() { curl -sS --max-time 60 "$@" >"$work/out" 2>"$work/err"; }
# answers STATUS WHAT CURL-ARGS...
answers() {
    want=$1 what=$2
    shift 2
    got=$(curl -sS --max-time 60 -o "$work/out" -w '%{http_code}' "$@" 2>"$work/err")
    [ "$got" = "$want" ] || echo "# status $got, expected $want"
    [ "$got" = "$want" ]
    check $? "$what"
}
# raw STATUS... : standard input as it is; the status lines of the answers are these
raw() {
    "$tools/nc" -w 30 127.0.0.1 "$port" >"$work/out" 2>"$work/err"
    got=$(grep -ao 'HTTP/1.1 [0-9]*' "$work/out" | cut -d ' ' -f 2 | tr '\n' ' ')
    [ "$got" = "$* " ] || echo "# statuses $got, expected $*"
    [ "$got" = "$* " ]
}

# -- whole files, on one connection --
set --
for f in empty one bytes-1459 bytes-1460 bytes-1461 bytes-4095 bytes-4096 bytes-4097 bytes-65537 large; do
    set -- "$@" -o "$work/got.$f" "$url/$f"
done
get -w '%{num_connects} %{http_code}\n' "$@"
for f in empty one bytes-1459 bytes-1460 bytes-1461 bytes-4095 bytes-4096 bytes-4097 bytes-65537 large; do
    cmp -s "$tree/$f" "$work/got.$f" || echo "# $f differs"
    cmp -s "$tree/$f" "$work/got.$f"
done
check $? 'ten files are as they are'
[ "$(sort "$work/out" | uniq -c | tr -s ' ')" = " 9 0 200
 1 1 200" ]
check $? 'they came on one connection'

# -- head and header fields --
get -I "$url/bytes-4097" && grep -q 'Content-Length: 4097' "$work/out" &&
    grep -q '^Last-Modified: ' "$work/out" && grep -q '^ETag: "' "$work/out" &&
    grep -q '^Date: ' "$work/out"
check $? 'HEAD says length, modification, tag and date'
etag=$(tr -d '\r' <"$work/out" | sed -n 's/^ETag: //p')
modified=$(tr -d '\r' <"$work/out" | sed -n 's/^Last-Modified: //p')
[ "$(date -u -d "$modified" +%s)" = "$(stat -c %Y "$tree/bytes-4097")" ]
check $? 'Last-Modified is the time of the file'
get -I "$url/page/" && grep -q 'Content-Type: text/html' "$work/out"
check $? 'an index.html is the page of its folder'
get -I "$url/page/picture.png" && grep -q 'Content-Type: image/png' "$work/out"
check $? 'a picture is a picture'

# -- conditions --
answers 304 'If-Modified-Since the time it has' -H "If-Modified-Since: $modified" "$url/bytes-4097"
answers 200 'If-Modified-Since long ago' -H 'If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT' \
    "$url/bytes-4097"
answers 304 'If-None-Match its tag' -H "If-None-Match: \"x\", $etag" "$url/bytes-4097"
answers 200 'If-None-Match another' -H 'If-None-Match: "x"' "$url/bytes-4097"
answers 412 'If-Match another' -H 'If-Match: "x"' "$url/bytes-4097"
answers 206 'If-Range its tag' -r 0-9 -H "If-Range: $etag" "$url/bytes-4097"
answers 200 'If-Range another' -r 0-9 -H 'If-Range: "x"' "$url/bytes-4097"

# -- ranges --
part() { # RANGE SKIP COUNT
    get -r "$1" "$url/large"
    tail -c "+$(($2 + 1))" "$tree/large" | head -c "$3" | cmp -s - "$work/out"
    check $? "range $1"
}
part 0-0 0 1
part 100000-169999 100000 70000
part -1000 699001 1000
part 699990- 699990 11
get -r 0-9,4090-4099,-5 "$url/large"
{
    sed -n '/^Content-Range: /{s/[^ ]* //;p}' "$work/out" | tr -d '\r'
} >"$work/ranges"
printf 'bytes 0-9/700001\nbytes 4090-4099/700001\nbytes 699996-700000/700001\n' | cmp -s - "$work/ranges"
check $? 'three ranges are three parts'
answers 416 'a range behind the end' -r 700001- "$url/large"
answers 200 'nonsense for a range is ignored' -H 'Range: bytes=9-1' "$url/one"

# -- names, folders, and the outside --
get "$url/plain/a%20file%20%26%20%3Cmore%3E%20100%25.txt"
[ "$(cat "$work/out")" = '<&>' ]
check $? 'a name that needs encoding'
get -L "$url/plain" && grep -q 'gr%C3%BCn.txt' "$work/out" && grep -q '&lt;more&gt;' "$work/out"
check $? 'a folder is listed, names encoded'
get "$url/inside" && cmp -s "$work/out" "$tree/page/style.css"
check $? 'a link inside'
get "$url/folder-link/deep/a.txt" && [ "$(cat "$work/out")" = deep ]
check $? 'a link to a folder'
answers 301 'a folder without its slash' "$url/page"
answers 404 'nothing there' "$url/nothing"
answers 404 'a file is no folder' "$url/one/two"
answers 404 'a dangling link' "$url/dangling"
answers 508 'links in a circle' "$url/loop-a"
answers 400 'above the root' --path-as-is "$url/../../../etc/passwd"
answers 400 'above the root, encoded' --path-as-is "$url/page/%2e%2e/%2e%2e/etc/passwd"
answers 400 'a zero byte in a name' "$url/one%00.txt"
answers 403 'a relative link that leads out' "$url/outside-relative"
answers 403 'an absolute link that leads out' "$url/outside-absolute"

# -- requests that are wrong --
answers 405 'POST' -d x=y "$url/one"
answers 501 'a method nobody knows' -X BREW "$url/one"
answers 431 'a head of 9000 bytes' -H "X: $(head -c 9000 /dev/zero | tr '\0' x)" "$url/one"
answers 414 'a path of 2000 bytes' "$url/$(head -c 2000 /dev/zero | tr '\0' x)"
printf 'GET /one HTTP/1.1\r\n\r\n' | raw 400
check $? 'HTTP/1.1 without Host'
printf 'GET /one HTTP/2.7\r\nHost: x\r\n\r\n' | raw 505
check $? 'another version'
printf '\000\001\002\377\r\n\r\n' | raw 400
check $? 'no HTTP at all'
printf 'GET /one HTTP/1.1\r\nHost: x\r\nBad Name: y\r\n\r\n' | raw 400
check $? 'a field name with a blank'
printf 'GET /one HTTP/1.0\r\n\r\n' | raw 200
check $? 'HTTP/1.0 needs no Host'

# -- pipelining, half of it with a body nobody asked for --
{
    for f in one empty nothing; do
        printf 'GET /%s HTTP/1.1\r\nHost: x\r\n\r\n' $f
        printf 'GET /%s HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /' $f
    done
    printf 'HEAD /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
} | raw 200 200 200 200 404 404 200
check $? 'seven requests sent at once are answered in order'

# -- several at once --
(
    printf 'GET /one HT'
    sleep 2
    printf 'TP/1.0\r\n\r\n'
) | "$tools/nc" -w 30 127.0.0.1 "$port" >"$work/slow" 2>&1 &
slow=$!
i=0
set --
while [ $i -lt 50 ]; do
    set -- "$@" -o "$work/par.$i" "$url/bytes-65537"
    i=$((i + 1))
done
get -Z --parallel-immediate --parallel-max 50 -w '%{http_code} %{num_connects}\n' "$@"
[ "$(grep -c '^200 1$' "$work/out")" = 50 ]
check $? '50 connections at once'
i=0
same=0
while [ $i -lt 50 ]; do
    cmp -s "$tree/bytes-65537" "$work/par.$i" && same=$((same + 1))
    i=$((i + 1))
done
[ $same = 50 ]
check $? 'each got the same bytes'
wait $slow
grep -q '200 OK' "$work/slow"
check $? 'a client that is slow to ask is answered, too'
# A browser: six connections, each used again, what it has it asks for only if changed.
set --
for f in page/ page/style.css page/picture.png bytes-4097 plain/ inside page/ page/style.css \
    page/picture.png bytes-4097 plain/ inside page/deep/a.txt page/deep/deeper/b.txt; do
    set -- "$@" -o /dev/null "$url/$f"
done
get --compressed -A Mozilla/5.0 -Z --parallel-max 6 -w '%{http_code} %{num_connects}\n' "$@"
[ "$(grep -c '^200' "$work/out")" = 14 ] && [ "$(grep -c ' 1$' "$work/out")" -le 6 ]
check $? 'a browser: 14 requests on at most six connections'
get -z "$modified" --etag-save "$work/etag" -o "$work/got" "$url/page/style.css"
get --etag-compare "$work/etag" -o "$work/got" -w '%{http_code}' "$url/page/style.css"
[ "$(cat "$work/out")" = 304 ]
check $? 'what it has, it is not sent again'

if command -v ab >/dev/null; then
    # More at once than a packet ring has slots: the user-mode network repeats what was lost after
    # six seconds, which is no pleasure for eight boards.
    many=130
    [ "$kind" = native ] || many=60
    ab -q -c $many -n $many "$url/bytes-1460" >"$work/out" 2>"$work/err" &&
        grep -q "^Complete requests: *$many\$" "$work/out" &&
        grep -q '^Failed requests: *0$' "$work/out" && ! grep -q Non-2xx "$work/out"
    check $? "ab: $many connections at once"
fi

# -- all of it --
(cd "$work" && mkdir mirror && cd mirror &&
    wget -q -r -np -nH --timeout=60 --tries=1 --default-page=.listing \
        "$url/page/" "$url/plain/" "$url/large") >"$work/out" 2>"$work/err"
cp "$tree/page/index.html" "$work/index"
ok=0
for f in large page/style.css page/picture.png page/deep/a.txt page/deep/deeper/b.txt \
    'plain/a file & <more> 100%.txt'; do
    cmp -s "$tree/$f" "$work/mirror/$f" || { ok=1; echo "# $f differs"; }
done
check $ok 'wget -r fetches the tree as it is'
kill -0 $server 2>/dev/null
check $? 'the server is still there'
if [ "$kind" = guest ]; then
    kill -INT $server
    wait $server
    frames_right "$work/pcap" 500
    check $? 'tshark finds nothing wrong in the frames'
fi
finish
