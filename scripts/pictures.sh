#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pictures.sh [EXOSIM] - makes the pictures of docs/view.md again, without a display: each
# docs/view/NAME.view is a script of keys, its first line the command it is for.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
exosim=${1:-$here/build/sim/exosim}
[ -x "$exosim" ] || {
    echo "pictures.sh: no $exosim: build first (./run), or name it" >&2
    exit 1
}
exosim=$(realpath "$exosim")
cd "$here/docs/view"
for script in *.view; do
    args=$(sed -n '1s/^# exosim view //p' "$script")
    # shellcheck disable=SC2086 # words of a command
    "$exosim" view --script "$script" $args
    echo "$script: $(sed -n 's/^shot //p' "$script" | tr '\n' ' ')"
done
