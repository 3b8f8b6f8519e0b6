#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# build.sh PRESET [TARGET...] - set up and build one preset of CMakePresets.json, silently when
# there is nothing to do; what goes wrong is shown. Words go to stderr.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
preset=$1
shift
case $preset in
release) dir=$root/build ;;
*) dir=$root/build-$preset ;;
esac

# A tree that was moved or copied has a cache that names another place.
if [ -f "$dir/CMakeCache.txt" ] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$dir/CMakeCache.txt"; then
    rm -rf "$dir"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
fail() {
    echo "exosim: $1 failed:" >&2
    tail -n 60 "$log" >&2
    exit 1
}
if [ ! -f "$dir/build.ninja" ]; then
    echo "exosim: building ($preset) in $dir" >&2
    (cd "$root" && cmake --preset "$preset") >"$log" 2>&1 </dev/null || fail "cmake"
fi
ninja -C "$dir" "$@" >"$log" 2>&1 </dev/null || fail "the build"
