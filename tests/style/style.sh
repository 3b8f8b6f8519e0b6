#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# style.sh CHECK - one check of the house rules over the whole tree (CONTRIBUTING.md):
#
#   spdx     every source file has its licence line
#   words    no unfinished-work markers
#   size     no source file over 500 lines
#   law      the dependency law between the top-level folders, and machine-free core folders
#   format   clang-format (one version decides: others lay out a few corners differently)
#
# Prints each offence as file:line: what. Exit: 0 clean, 1 offences, 77 cannot check here.
# shellcheck disable=SC2046,SC2317 # no blanks in our names; checks are called by name
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$root"
format_version=14

# Every file of the project; git is not needed.
files() {
    find . \( -name .git -o -name build -o -name 'build-*' \) -prune -o -type f -print |
        sed 's|^\./||' | LC_ALL=C sort
}
# Sources: what a person writes and a tool reads.
sources() {
    files | grep -E '(\.(c|h|S|ld|def|dts|dtsi|sh|cmake)|CMakeLists\.txt)$|^(run|test|\.ci/run)$'
}

found=0
offence() {
    echo "$*"
    found=1
}
# Every match of grep ARGS is an offence of kind $1.
none_of() {
    what=$1
    shift
    if hits=$(grep -nE "$@"); then
        offence "$hits"
        echo "    ^ $what"
    fi
}

check_spdx() {
    for f in $(sources); do
        head -n 2 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' ||
            offence "$f:1: no SPDX line"
    done
}

check_words() {
    none_of "unfinished work" -w 'TO''DO|FIX''ME|X''XX' $(files | grep -vE '^LICENSE$')
}

check_size() {
    for f in $(sources); do
        n=$(wc -l <"$f")
        [ "$n" -le 500 ] || offence "$f:$n: over 500 lines"
    done
}

# Quoted includes that leave their own top-level folder.
check_escapes() {
    grep -nE '^ *# *include *"[^"]*\.\./' $(sources | grep -E '\.(c|h|S)$') |
        while IFS=: read -r f line rest; do
            path=$(echo "$rest" | sed 's/.*"\(.*\)".*/\1/')
            to=$(realpath -m --relative-to=. "$(dirname "$f")/$path")
            [ "${to%%/*}" = "${f%%/*}" ] || echo "$f:$line: includes $to"
        done
}

# in_folder FOLDER EXTENDED-REGEX: its C and assembly files
in_folder() { sources | grep -E "^$1/.*\.(c|h|S)$" | grep -E "${2:-.}" || true; }

# forbid FOLDER PATTERN WHAT [FILTER]: /dev/null keeps grep off stdin when there is no file
forbid() {
    none_of "$3" "$2" /dev/null $(in_folder "$1" "${4:-.}")
}

check_law() {
    escapes=$(check_escapes)
    [ -z "$escapes" ] || offence "$escapes"
    inc='^ *# *include *[<"]'
    forbid sim "${inc}(exo|exos)/|${inc}unicorn" "sim/ may include only hw.h of the others"
    forbid sim '"exo,(cpu|mmu|intc|timer|console|disk|nic)(-[a-z0-9]+)?"' "sim/ never names a model"
    forbid hwmodels "${inc}(exo|exos)/" "hwmodels/ may include only its own headers"
    forbid hwmodels "${inc}unicorn" "Unicorn is for hwmodels/cpu only" \
        '^hwmodels/(include|mmu|intc|timer|console|disk|nic|models)'
    for dir in exo libos workloads; do
        forbid "$dir" "${inc}(hw|board|bus|trace|unicorn)[./]" \
            "guest code meets sim/ and hwmodels/ only at the machine"
    done
    forbid exo "${inc}(exos/|stdio|stdlib|string\.h|unistd|errno)" "exo/ is freestanding" \
        '^exo/(core|mmu|include|arch/[^h])'
    machine='__riscv|__aarch64__|__x86_64__|__amd64__|__mips|__powerpc|__arm__|EXO_ISA_'
    forbid exo "$machine" "exo/core names no machine" '^exo/core/'
    forbid libos "$machine" "machine-dependent code goes to libos/port" '^libos/(exos|include)/'
    forbid workloads "$machine" "machine-dependent code goes to workloads/port" \
        '^workloads/[^p]|^workloads/p[^o]'
}

check_format() {
    version=$(clang-format --version 2>/dev/null | sed -n 's/.*version \([0-9]*\).*/\1/p')
    if [ "$version" != "$format_version" ]; then
        echo "skipped: needs clang-format $format_version, this is ${version:-none}"
        exit 77
    fi
    clang-format --dry-run -Werror $(sources | grep -E '\.(c|h)$') || found=1
}

case ${1:-} in
spdx | words | size | law | format) "check_$1" ;;
*)
    echo "usage: style.sh spdx|words|size|law|format" >&2
    exit 2
    ;;
esac
exit $found
