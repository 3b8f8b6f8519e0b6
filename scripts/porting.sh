#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# porting.sh - write the figures of docs/costs.md: all conformance programs on all boards, and what all of
# their code costs to port. What stands before the line "<!-- figures -->" there is kept. No host time is
# in them: they are the same on every computer.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
exosim=${1:-}
if [ -z "$exosim" ]; then
    sh "$root/scripts/build.sh" release
    exosim=$root/build/sim/exosim
fi
out=$root/docs/costs.md
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"$exosim" port report --markdown "$tmp/figures" >"$tmp/words" || {
    cat "$tmp/words"
    exit 1
}
{
    sed '/^<!-- figures -->$/q' "$out"
    echo
    cat "$tmp/figures"
} >"$tmp/page"
cp "$tmp/page" "$out"
echo "$out"
