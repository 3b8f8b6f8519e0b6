// SPDX-License-Identifier: GPL-2.0-or-later
/* assert.h - may be included again with another NDEBUG, so it has no guard. */
#undef assert
#ifdef NDEBUG
#define assert(e) ((void)0)
#else
#define assert(e) ((e) ? (void)0 : exos_assert_fail(#e, __FILE__, __LINE__, __func__))
#endif
#ifndef static_assert
#define static_assert _Static_assert
#endif
_Noreturn void exos_assert_fail(const char *what, const char *file, int line,
                                const char *func);
