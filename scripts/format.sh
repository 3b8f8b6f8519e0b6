#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# format.sh [FILE...] - lay out C files as .clang-format says (all of them by default). The style
# test checks with clang-format 14, Debian 12's.
set -eu
cd "$(dirname -- "$0")/.."
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # no blanks in our names
    set -- $(find . \( -name .git -o -name build -o -name 'build-*' \) -prune -o \
        -name '*.[ch]' -print)
fi
exec "$(command -v clang-format-14 || command -v clang-format)" -i "$@"
