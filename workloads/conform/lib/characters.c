// SPDX-License-Identifier: GPL-2.0-or-later
/* characters.c - characters, lines and blocks from and to streams; standard input and output. */
#include "support.h"

#include <stdlib.h>
#include <unistd.h>

CONFORM(fgetc, NEEDS_DISK)
{
    FILE *f = stream_of("a\xff", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(fgetc(f), 'a');
    CHECK_EQ(fgetc(f), 255); /* not EOF */
    CHECK_EQ(fgetc(f), EOF);
    CHECK_EQ(fgetc(f), EOF);
    fclose(f);
    f = fopen("lines", "r"); /* longer than a buffer */
    REQUIRE(f != NULL);
    unsigned bytes = 0, lines = 0;
    for (int c; (c = fgetc(f)) != EOF; bytes++)
        lines += c == '\n';
    CHECK_EQ(lines, 1000);
    CHECK_EQ(bytes, 8890);
    fclose(f);
    f = fopen("made", "w");
    REQUIRE(f != NULL);
    CHECK_SETS(fgetc(f) == EOF, EBADF);
    CHECK(ferror(f));
    fclose(f);
}

CONFORM(getc, NEEDS_DISK)
{
    FILE *f = stream_of("x\xfe", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(getc(f), 'x');
    CHECK_EQ(getc(f), 254);
    CHECK_EQ(getc(f), EOF);
    CHECK(feof(f));
    fclose(f);
}

CONFORM(getchar, NEEDS_NONE)
{
    feed_begin("q\x80");
    CHECK_EQ(getchar(), 'q');
    CHECK_EQ(getchar(), 128);
    CHECK_EQ(getchar(), EOF);
    CHECK(feof(stdin));
    feed_end();
}

CONFORM(ungetc, NEEDS_DISK)
{
    FILE *f = stream_of("abc", "r");
    char buf[8];
    REQUIRE(f != NULL);
    CHECK_EQ(ungetc('x', f), 'x'); /* before anything was read */
    CHECK_EQ(fgetc(f), 'x');
    CHECK_EQ(fgetc(f), 'a');
    CHECK_EQ(ungetc(0x141, f), 0x41); /* as an unsigned char */
    CHECK_EQ(ftell(f), 0);
    CHECK_EQ(fread(buf, 1, 3, f), 3);
    CHECK(memcmp(buf, "Abc", 3) == 0);
    CHECK_EQ(ungetc(EOF, f), EOF);
    CHECK_EQ(fgetc(f), EOF);
    CHECK_EQ(ungetc('y', f), 'y');
    CHECK_EQ(fseek(f, 1, SEEK_SET), 0); /* forgets it */
    CHECK_EQ(fgetc(f), 'b');
    fclose(f);
    CHECK(file_is("stream", "abc")); /* the file never knows */
}

CONFORM(fgets, NEEDS_DISK)
{
    char buf[16] = "untouched";
    FILE *f = stream_of("one\ntwo long\n\nend", "r");
    REQUIRE(f != NULL);
    CHECK(fgets(buf, 16, f) == buf);
    CHECK_STR(buf, "one\n");
    CHECK_STR(fgets(buf, 4, f), "two");
    CHECK_STR(fgets(buf, 16, f), " long\n");
    CHECK_STR(fgets(buf, 16, f), "\n");
    CHECK_STR(fgets(buf, 16, f), "end");
    CHECK(fgets(buf, 16, f) == NULL);
    CHECK_STR(buf, "end"); /* the end of the file changes nothing */
    fclose(f);
    f = fopen("lines", "r"); /* lines that lie across buffers */
    REQUIRE(f != NULL);
    unsigned bad = 0;
    for (int i = 0; i < 1000; i++) {
        char want[16];
        strcpy(want, "line ");
        for (int k = i, at = i < 10 ? 5 : i < 100 ? 6 : 7; at >= 5; at--, k /= 10)
            want[at] = (char)('0' + k % 10);
        strcpy(want + (i < 10 ? 6 : i < 100 ? 7 : 8), "\n");
        bad += fgets(buf, sizeof buf, f) == NULL || strcmp(buf, want) != 0;
    }
    CHECK_EQ(bad, 0);
    fclose(f);
}

CONFORM(getline, NEEDS_DISK)
{
    char *line = NULL;
    size_t size = 0;
    FILE *f =
        stream_of("short\n\nwith\1\2odd bytes, and longer than the first\nend", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(getline(&line, &size, f), 6);
    CHECK_STR(line, "short\n");
    CHECK(size > 6);
    CHECK_EQ(getline(&line, &size, f), 1);
    CHECK_EQ(getline(&line, &size, f), 43);
    CHECK_EQ(line[4], 1);
    CHECK_EQ(getline(&line, &size, f), 3);
    CHECK_STR(line, "end");
    CHECK_EQ(getline(&line, &size, f), -1);
    CHECK(feof(f));
    CHECK_ERRNO(getline(NULL, &size, f), EINVAL);
    CHECK_ERRNO(getline(&line, NULL, f), EINVAL);
    free(line);
    fclose(f);
    f = fopen("junk", "r"); /* one line of 3600 bytes: grows */
    REQUIRE(f != NULL);
    line = malloc(4);
    size = 4;
    CHECK_EQ(getline(&line, &size, f), 3600);
    CHECK(size > 3600);
    CHECK_EQ(strlen(line), 3600);
    free(line);
    fclose(f);
}

CONFORM(getdelim, NEEDS_DISK)
{
    char *part = NULL;
    size_t size = 0;
    FILE *f = stream_of("a=1;;b\n;c", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(getdelim(&part, &size, ';', f), 4);
    CHECK_STR(part, "a=1;");
    CHECK_EQ(getdelim(&part, &size, ';', f), 1);
    CHECK_EQ(getdelim(&part, &size, ';', f), 3);
    CHECK_STR(part, "b\n;");
    CHECK_EQ(getdelim(&part, &size, ';', f), 1);
    CHECK_EQ(getdelim(&part, &size, ';', f), -1);
    free(part);
    fclose(f);
}

CONFORM(fputc, NEEDS_DISK)
{
    FILE *f = fopen("made", "w");
    REQUIRE(f != NULL);
    CHECK_EQ(fputc('a', f), 'a');
    CHECK_EQ(fputc(0x1ff, f), 255); /* as an unsigned char */
    CHECK_EQ(fputc('\n', f), '\n');
    CHECK_EQ(fclose(f), 0);
    CHECK(file_is("made", "a\xff\n"));
    f = fopen("made", "r");
    REQUIRE(f != NULL);
    CHECK_SETS(fputc('b', f) == EOF, EBADF);
    fclose(f);
}

CONFORM(putc, NEEDS_DISK)
{
    FILE *f = fopen("made", "w");
    REQUIRE(f != NULL);
    for (int i = 0; i < 5000; i++) /* more than a buffer */
        if (putc('a' + i % 26, f) != 'a' + i % 26)
            break;
    CHECK_EQ(ftell(f), 5000);
    CHECK_EQ(fclose(f), 0);
    char buf[32];
    get_file("made", buf, sizeof buf);
    CHECK(strncmp(buf, "abcdefghijklmnopqrstuvwxyzabcde", 31) == 0);
}

CONFORM(fputs, NEEDS_DISK)
{
    FILE *f = fopen("made", "w");
    REQUIRE(f != NULL);
    CHECK(fputs("no newline", f) >= 0);
    CHECK(fputs("", f) >= 0);
    CHECK(fputs(" is added", f) >= 0);
    CHECK_EQ(fclose(f), 0);
    CHECK(file_is("made", "no newline is added"));
    f = fopen("made", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(fputs("x", f), EOF);
    fclose(f);
}

CONFORM(putchar, NEEDS_NONE)
{
    char got[16];
    capture_begin(STDOUT_FILENO);
    int a = putchar('a'), b = putchar(0x162);
    fflush(stdout);
    CHECK_EQ(capture_end(got, sizeof got), 2);
    CHECK(a == 'a' && b == 'b');
    CHECK_STR(got, "ab");
}

CONFORM(puts, NEEDS_NONE)
{
    char got[32];
    capture_begin(STDOUT_FILENO);
    int a = puts("a line"), b = puts("");
    fflush(stdout);
    CHECK_EQ(capture_end(got, sizeof got), 8);
    CHECK(a >= 0 && b >= 0);
    CHECK_STR(got, "a line\n\n");
}

CONFORM(fread, NEEDS_DISK)
{
    char buf[64];
    FILE *f = stream_of("0123456789", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(fread(buf, 3, 2, f), 2);
    CHECK(memcmp(buf, "012345", 6) == 0);
    CHECK_EQ(fread(buf, 0, 5, f), 0);
    CHECK_EQ(fread(buf, 5, 0, f), 0);
    CHECK(!feof(f));
    CHECK_EQ(fread(buf, 3, 2, f), 1); /* whole ones are counted */
    CHECK(memcmp(buf, "6789", 4) == 0);
    CHECK(feof(f));
    CHECK_EQ(fread(buf, 1, 1, f), 0);
    fclose(f);
    f = fopen("lines", "r");
    REQUIRE(f != NULL);
    char *all = malloc(10000);
    REQUIRE(all != NULL);
    CHECK_EQ(fgetc(f), 'l');
    CHECK_EQ(fread(all, 1, 10000, f), 8889); /* past the buffer */
    CHECK(memcmp(all, "ine 0\nline 1\n", 13) == 0);
    CHECK(memcmp(all + 8889 - 9, "line 999\n", 9) == 0);
    free(all);
    fclose(f);
    f = fopen("made", "w");
    REQUIRE(f != NULL);
    CHECK_SETS(fread(buf, 1, 1, f) == 0, EBADF);
    CHECK(ferror(f));
    fclose(f);
}

CONFORM(fwrite, NEEDS_DISK)
{
    static const char zeros[9] = {0};
    char buf[64];
    FILE *f = fopen("made", "w+");
    REQUIRE(f != NULL);
    CHECK_EQ(fwrite("abcdef", 2, 3, f), 3);
    CHECK_EQ(fwrite("x", 0, 4, f), 0);
    CHECK_EQ(fwrite("x", 4, 0, f), 0);
    CHECK_EQ(fwrite(zeros, 9, 1, f), 1);
    rewind(f);
    CHECK_EQ(fread(buf, 1, sizeof buf, f), 15);
    CHECK(memcmp(buf, "abcdef", 6) == 0 && memcmp(buf + 6, zeros, 9) == 0);
    fclose(f);
    f = fopen("made", "w+");
    REQUIRE(f != NULL);
    char *large = malloc(9001);
    REQUIRE(large != NULL);
    memset(large, 'L', 9001);
    CHECK_EQ(fputc('<', f), '<');
    CHECK_EQ(fwrite(large, 9001, 1, f), 1); /* around the buffer, in order */
    CHECK_EQ(fputc('>', f), '>');
    CHECK_EQ(fseek(f, -2, SEEK_END), 0);
    CHECK_STR(fgets(buf, sizeof buf, f), "L>");
    CHECK_EQ(ftell(f), 9003);
    free(large);
    fclose(f);
    f = fopen("made", "r");
    REQUIRE(f != NULL);
    CHECK_SETS(fwrite("x", 1, 1, f) == 0, EBADF);
    fclose(f);
}
