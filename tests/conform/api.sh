#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# api.sh PRINT_API AR CC - the check of the list of public functions: each way in which list, headers
# and archive can differ is an error that names the function.
set -eu
print_api=$1
ar=$2
cc=$3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
wrong=0
fail() {
    echo "not as expected: $*"
    wrong=1
}

"$print_api" print >"$tmp/tsv"
head -n 1 "$tmp/tsv" | grep -q "^name	header	group	classes\$" || fail "heading"
# Headers and an archive that agree with the list: a line a function.
mkdir "$tmp/include"
tail -n +2 "$tmp/tsv" | while IFS='	' read -r name header rest; do
    echo "# 1 \"$tmp/include/$header\""
    echo "int $name(int a, int (*b)(int));"
done >"$tmp/good.i"
tail -n +2 "$tmp/tsv" | while IFS='	' read -r name rest; do
    echo ".globl $name"
    echo "$name:"
done >"$tmp/all.s"
"$cc" -c -x assembler "$tmp/all.s" -o "$tmp/all.o"
"$ar" rcs "$tmp/good.a" "$tmp/all.o"

# check STATUS WORDS HEADERS ARCHIVE
check() {
    got=0
    "$print_api" check "$3" "$tmp/include" "$4" >"$tmp/out" 2>&1 || got=$?
    [ "$got" -eq "$1" ] || fail "status $got, expected $1: $2: $(cat "$tmp/out")"
    [ -z "$2" ] || grep -qF -- "$2" "$tmp/out" || fail "no message '$2': $(cat "$tmp/out")"
}
check 0 "" "$tmp/good.i" "$tmp/good.a"

# What is no function of the library: types, variables, inline functions, other folders' headers.
{
    cat "$tmp/good.i"
    echo "# 1 \"$tmp/include/more.h\""
    echo "typedef int (*handler)(int); extern char *words; struct s { int (*f)(int); };"
    echo "static inline int twice(int a) { return (a) * 2; } _Static_assert(sizeof(int) == 4, \"x\");"
    echo "struct t { int a; } __attribute__((aligned(8))); enum { A = (1), B = sizeof(int) };"
    echo "# 1 \"$tmp/elsewhere.h\""
    echo "int foreign(void);"
} >"$tmp/more.i"
check 0 "" "$tmp/more.i" "$tmp/good.a"

{
    cat "$tmp/good.i"
    echo "# 1 \"$tmp/include/more.h\""
    echo "extern char *(*table[2])(int), *x; _Noreturn void unlisted(const char *s,"
    echo "    ...) __attribute__((format(printf, 1, 2)));"
} >"$tmp/unlisted.i"
check 1 "more.h declares unlisted, which libos/include/api.def does not list" "$tmp/unlisted.i" \
    "$tmp/good.a"
sed 's/int mprotect(/int mprotect2(/' "$tmp/good.i" >"$tmp/missing.i"
check 1 "api.def lists mprotect, which no header declares" "$tmp/missing.i" "$tmp/good.a"
sed 's|/sys/mman.h|/sys/other.h|' "$tmp/good.i" >"$tmp/moved.i"
check 1 "api.def lists mmap under sys/mman.h, which does not declare it" "$tmp/moved.i" \
    "$tmp/good.a"
grep -v -x -e '.globl strlen' -e 'strlen:' "$tmp/all.s" >"$tmp/less.s"
"$cc" -c -x assembler "$tmp/less.s" -o "$tmp/less.o"
"$ar" rcs "$tmp/less.a" "$tmp/less.o"
check 1 "api.def lists strlen, which $tmp/less.a does not define" "$tmp/good.i" "$tmp/less.a"
check 1 "no archive" "$tmp/good.i" "$tmp/all.s"
exit $wrong
