#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# readers.sh EXOSIM READERS SECONDS - makes a trace and a record, then damages them.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" run -b riscv --trace "$work/trace" life >/dev/null
"$1" run -b riscv --record "$work/record" life >/dev/null </dev/null
"$2" "$3" "$work/trace" "$work/record"
