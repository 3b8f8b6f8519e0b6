// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libctest.c - the C library on the machine it is for: what compiling for an ISA can break
 * (argument lists, 64-bit and floating arithmetic, alignment), and what needs a system under it
 * (files, heap, ends of programs). The same source runs natively against the host's library,
 * which so confirms what is expected here.
 *
 *   libctest FILE      FILE: data.txt of this folder
 *
 * Prints TAP; exit status 1 if a test failed.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *data_name;
static unsigned failures;

static void check(bool ok, int line, const char *what)
{
    if (!ok) {
        printf("# line %d: %s\n", line, what);
        failures++;
    }
}
#define CHECK(e) check(e, __LINE__, #e)

__attribute__((format(printf, 3, 4))) static void format_is(int line, const char *want,
                                                            const char *format, ...)
{
    char text[400];
    va_list ap;

    va_start(ap, format);
    int n = vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    if (strcmp(text, want) || n != (int)strlen(want)) {
        printf("# line %d: '%s', expected '%s'\n", line, text, want);
        failures++;
    }
}
#define FORMAT(want, ...) format_is(__LINE__, want, __VA_ARGS__)

/* Lengths narrow what is passed: that is the test. */
#pragma GCC diagnostic ignored "-Wformat"
static void test_printf(void)
{
    FORMAT("1 2 3 4 5 6 7 8 9 10", "%d %d %d %d %d %d %d %d %d %d", 1, 2, 3, 4, 5, 6, 7,
           8, 9, 10);
    FORMAT("1 -2 3 -4000000000000000000 5", "%d %ld %d %lld %d", 1, -2L, 3,
           -4000000000000000000LL, 5);
    FORMAT("1 18446744073709551615 ffffffffffffffff 2", "%d %llu %llx %d", 1, ~0ULL,
           ~0ULL, 2);
    FORMAT("1.5 2 2.25 3 0.1 4", "%g %d %g %lld %g %d", 1.5, 2, 2.25, 3LL, 0.1, 4);
    FORMAT("0 1 2 3 4 5 6 7 8.5 9.5 10 11.5", "%g %g %g %g %g %g %g %g %g %g %d %g", 0.,
           1., 2., 3., 4., 5., 6., 7., 8.5, 9.5, 10, 11.5);
    FORMAT("3.14159265358979311600 1.7976931348623157e+308 4.9406564584124654e-324",
           "%.20f %.16e %.16e", 3.141592653589793, 1.7976931348623157e308,
           4.9406564584124654e-324);
    FORMAT("0.3000000000000000444089209850062616169452667236328125", "%.52f", 0.1 + 0.2);
    FORMAT("0x1.8p+1 -0x0.0000000000001p-1022 inf -nan NAN", "%a %a %f %s %F", 3.0,
           -4.9406564584124654e-324, __builtin_inf(), "-nan", __builtin_nan(""));
    FORMAT("2.5|  +7|0x1f|   abc|abc   |00042|-0042|x|%",
           "%.1Lf|%+4d|%#x|%6s|%-6.3s|%05d|%05d|%c|%%", 2.5L, 7, 31, "abc", "abcdef", 42,
           -42, 'x');
    FORMAT("-1 255 -1 65535 44", "%hhd %hhu %hd %hu %zu", -1, 255, -1, 65535, (size_t)44);
    FORMAT("4000000000 -5 ffffffff00000001", "%" PRIu32 " %" PRId64 " %" PRIx64,
           4000000000u, (int64_t)-5, (uint64_t)0xffffffff00000001);
}

static void test_numbers(void)
{
    char *end;
    volatile uint64_t big = 0xfedcba9876543210, ten = 10;
    volatile int64_t minus = -1234567890123456789;

    CHECK(big / ten == 1836475854449306472 && big % ten == 0);
    CHECK(minus / 1000000007 == -1234567881 && minus % 1000000007 == -481481622);
    CHECK(big << 12 >> 20 == 0xcba98765432 && (int64_t)big >> 60 == -1);
    CHECK(strtol(" -0x7fffffffz", &end, 0) == -0x7fffffffL && *end == 'z');
    CHECK(strtoull("18446744073709551615", NULL, 10) == ~0ULL);
    errno = 0;
    CHECK(strtoll("9223372036854775808", NULL, 10) == INT64_MAX && errno == ERANGE);
    CHECK(strtod("2.2250738585072011e-308", &end) == 2.2250738585072011e-308 && !*end);
    CHECK(strtod("179769313486231580793e288", NULL) == 1.7976931348623157e308);
    CHECK(strtod("0.1", NULL) == 0.1 && strtof("0.1", NULL) == 0.1f &&
          atof("-1e3") == -1000);
    CHECK((uint64_t)strtod("1e19", NULL) == 10000000000000000000u);
    volatile double d = 7.75;
    CHECK((int)d == 7 && (float)d * 4 == 31 && (double)minus < -1.2e18);
    int a = 0, b = 0;
    double x = 0;
    char word[8] = "";
    CHECK(sscanf("12 ab -7.5e1", "%d %7s %lf%n", &a, word, &x, &b) == 3);
    CHECK(a == 12 && !strcmp(word, "ab") && x == -75 && b == 12);
}

static void test_memory(void)
{
    static unsigned char a[256], b[256];

    for (size_t from = 0; from < 9; from++) {
        for (size_t to = 0; to < 9; to++) {
            for (size_t n = 0; n < 70; n++) {
                for (size_t i = 0; i < sizeof a; i++) {
                    a[i] = (unsigned char)(i * 7 + 1);
                    b[i] = 0xee;
                }
                memcpy(b + to + 8, a + from, n);
                bool ok = b[to + 7] == 0xee && b[to + 8 + n] == 0xee;
                for (size_t i = 0; i < n; i++)
                    ok &= b[to + 8 + i] == a[from + i];
                ok &= !memcmp(b + to + 8, a + from, n);
                memmove(a + to, a + from, n);
                ok &= !memcmp(b + to + 8, a + to, n);
                memset(a + to, 5, n);
                ok &= !memchr(a + to, 6, n) && (!n || memchr(a + to, 5, n) == a + to);
                if (!ok)
                    printf("# memcpy and friends: from +%zu to +%zu, %zu bytes\n", from,
                           to, n);
                failures += !ok;
            }
        }
    }
    char s[40] = "alpha,beta,,gamma";
    CHECK(strlen(s) == 17 && strchr(s, 'b') == s + 6 && !strchr(s, 'z') &&
          strrchr(s, 'a') == s + 16);
    CHECK(strstr(s, "ta,") == s + 8 && strcspn(s, ",") == 5 &&
          strncmp(s, "alpine", 3) == 0);
    char *next, *token = strtok_r(s, ",", &next);
    CHECK(!strcmp(token, "alpha") && !strcmp(strtok_r(NULL, ",", &next), "beta"));
    CHECK(!strcmp(strtok_r(NULL, ",", &next), "gamma") && !strtok_r(NULL, ",", &next));
    CHECK(!strcmp(strerror(ENOENT), "No such file or directory"));
    CHECK(isalpha('q') && !isalpha('1') && toupper('q') == 'Q' && isspace('\v'));
}

static int by_value(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void test_heap(void)
{
    static char *block[64];
    int sorted[500];
    unsigned seed = 1;

    for (int i = 0; i < 4000; i++) {
        seed = seed * 1103515245 + 12345;
        unsigned k = seed >> 16 & 63, n = (seed >> 8 & 0xfff) + 1;
        if (block[k]) {
            CHECK(block[k][0] == (char)k);
            free(block[k]);
            block[k] = NULL;
        } else {
            block[k] = malloc(n);
            CHECK(block[k] && !((uintptr_t)block[k] & (2 * sizeof(void *) - 1)));
            memset(block[k], (int)k, n);
        }
    }
    for (int i = 0; i < 64; i++)
        free(block[i]);
    char *big = malloc(1000000);
    CHECK(big);
    big[0] = big[999999] = 1;
    char *bigger = realloc(big, 1500000);
    CHECK(bigger && bigger[0] == 1 && bigger[999999] == 1);
    free(bigger);
    CHECK(!malloc((size_t)-1 / 2) && errno == ENOMEM);
    unsigned char *zero = calloc(300, 1000);
    bool all = zero != NULL;
    for (int i = 0; all && i < 300000; i++)
        all = !zero[i];
    CHECK(all);
    free(zero);
    for (int i = 0; i < 500; i++)
        sorted[i] = (i * 7919) % 500;
    qsort(sorted, 500, sizeof *sorted, by_value);
    for (int i = 0; i < 500; i++)
        CHECK(sorted[i] == i);
    int key = 123;
    CHECK(bsearch(&key, sorted, 500, sizeof key, by_value) == &sorted[123]);
}

static void test_files(void)
{
    char text[64], *line = NULL;
    size_t size = 0;
    int a = 0, b = 0, c = 0;
    double d = 0;

    FILE *f = fopen(data_name, "r");
    CHECK(f != NULL);
    if (!f)
        return;
    CHECK(getline(&line, &size, f) == 11 && !strcmp(line, "first line\n"));
    CHECK(fscanf(f, "%d%d%i%lf%63s", &a, &b, &c, &d, text) == 5);
    CHECK(a == 42 && b == -17 && c == 42 && d == 3.25 && !strcmp(text, "word"));
    CHECK(fgetc(f) == '\n' && fgetc(f) == '\n' && ungetc('L', f) == 'L');
    CHECK(fgets(text, sizeof text, f) && !strcmp(text, "Llast line, no newline"));
    CHECK(fgetc(f) == EOF && feof(f) && !ferror(f));
    CHECK(!fseek(f, 6, SEEK_SET) && fread(text, 1, 4, f) == 4 &&
          !memcmp(text, "line", 4));
    CHECK(ftell(f) == 10 && !fseek(f, -7, SEEK_END) && fgetc(f) == 'n');
    rewind(f);
    CHECK(fgetc(f) == 'f' && !fclose(f));
    free(line);
    CHECK(!fopen("no such file", "r") && errno == ENOENT);
    int fd = open(data_name, O_RDONLY);
    char *map = mmap(NULL, 10, PROT_READ, MAP_PRIVATE, fd, 0);
    CHECK(fd >= 0 && map != MAP_FAILED && !memcmp(map, "first line", 10));
    CHECK(!munmap(map, 10) && !close(fd) && close(fd) == -1 && errno == EBADF);
}

static jmp_buf back;

static void jump(int n)
{
    volatile char frame[200];

    frame[n] = 1; /* a stack to leave */
    longjmp(back, 4 + frame[n]);
}

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
    caught = sig;
}

static void test_control(void)
{
    volatile int passes = 0;
    volatile double kept = 2.5;

    if (setjmp(back) == 0)
        jump(10);
    else
        passes = 1;
    CHECK(passes == 1 && kept == 2.5);
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    CHECK(caught == SIGUSR1);
    sigjmp_buf place;
    if (!sigsetjmp(place, 1))
        siglongjmp(place, 1);
    else
        passes = 2;
    CHECK(passes == 2);
}

static void test_time(void)
{
    char text[64];
    time_t t = 1000000000;
    struct tm tm = *gmtime(&t);
    struct timespec a, b;

    CHECK(strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a", &tm) == 23);
    CHECK(!strcmp(text, "2001-09-09 01:46:40 Sun"));
    CHECK(!clock_gettime(CLOCK_MONOTONIC, &a) && !clock_gettime(CLOCK_MONOTONIC, &b));
    CHECK(b.tv_sec > a.tv_sec || (b.tv_sec == a.tv_sec && b.tv_nsec >= a.tv_nsec));
}

static int end_pipe[2];

static void last_words(void)
{
    if (write(end_pipe[1], "bye", 3) != 3)
        _exit(99);
}

/* exit() runs handlers and flushes; abort() ends by signal. */
static void test_ends(void)
{
    char text[16] = "";
    int status = 0;

    CHECK(!pipe(end_pipe));
    fflush(stdout);
    pid_t pid = fork();
    if (!pid) {
        dup2(end_pipe[1], 1);
        atexit(last_words);
        printf("flushed");
        exit(42);
    }
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
          WEXITSTATUS(status) == 42);
    CHECK(read(end_pipe[0], text, sizeof text - 1) == 10 && !strcmp(text, "byeflushed"));
    pid = fork();
    if (!pid)
        abort();
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
          WTERMSIG(status) == SIGABRT);
    pid = fork();
    if (!pid) {
        char *volatile block = malloc(100);
        dup2(end_pipe[1], 2); /* what is said about it */
        free(block);
        free(block);
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
          WTERMSIG(status) == SIGABRT);
    CHECK(read(end_pipe[0], text, sizeof text - 1) == 15 && !strncmp(text, "free", 4));
    close(end_pipe[0]);
    close(end_pipe[1]);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {{"printf", test_printf}, {"numbers", test_numbers},
                 {"memory", test_memory}, {"heap", test_heap},
                 {"files", test_files},   {"control", test_control},
                 {"time", test_time},     {"ends", test_ends}};
    unsigned n = sizeof tests / sizeof *tests, bad = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: libctest FILE\n");
        return 2;
    }
    data_name = argv[1];
    printf("1..%u\n", n);
    for (unsigned i = 0; i < n; i++) {
        failures = 0;
        tests[i].run();
        printf("%sok %u - %s\n", failures ? "not " : "", i + 1, tests[i].name);
        fflush(stdout);
        bad += failures != 0;
    }
    return bad != 0;
}
