#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# doc_board.sh DTC DOC OUT.dtb - compile the board printed in docs/boards.md (its one dts block).
set -eu
# shellcheck disable=SC2016 # the back quotes are the document's
sed -n '/^```dts$/,/^```$/p' "$2" | grep -v '^```' | "$1" -q -I dts -O dtb -o "$3" -
