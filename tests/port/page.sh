#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# page.sh EXOSIM - the porting report's page in a real headless browser: page_steps.js sorts,
# opens and filters. Exit: 0 right, 1 wrong, 77 no browser is installed.
set -eu
exosim=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
browser=
for name in chromium-headless-shell chromium chromium-shell google-chrome; do
    if command -v "$name" >/dev/null; then
        browser=$name
        break
    fi
done
if [ -z "$browser" ]; then
    echo "skipped: no browser: install chromium-headless-shell (scripts/setup.sh does)"
    exit 77
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

"$exosim" port report -b riscv,decstation,mips-radix --api mprotect,mmap,getpid,strlen,read \
    --html "$tmp/page.html" >"$tmp/out"
if hits=$(grep -noE '.{0,40}(https?:|src=|<link).{0,40}' "$tmp/page.html"); then
    echo "$hits"
    echo "the page refers to something outside itself"
    exit 1
fi
sed '/^<\/body>/,$d' "$tmp/page.html" >"$tmp/steps.html"
{
    echo '<script>'
    cat "$here/page_steps.js"
    echo '</script></body></html>'
} >>"$tmp/steps.html"
# no sandbox: tests may run as root, on a page of our own; a profile of its own, removed behind it
HOME=$tmp timeout 120 "$browser" --headless --no-sandbox --disable-gpu \
    --user-data-dir="$tmp/profile" --virtual-time-budget=20000 --dump-dom \
    "file://$tmp/steps.html" >"$tmp/dom" 2>"$tmp/words" || {
    echo "$browser failed:"
    tail -n 5 "$tmp/words"
    exit 1
}
sed -n '/<pre id="verdict">/,/<\/pre>/p' "$tmp/dom" | sed 's/<[^>]*>//g'
grep -q '<pre id="verdict">all steps ok</pre>' "$tmp/dom"
