// SPDX-License-Identifier: GPL-2.0-or-later
/* stream.c - streams opened and closed, what they know about themselves, and their buffers. */
#include "support.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Is descriptor fd open? */
static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

CONFORM(fopen, NEEDS_DISK)
{
    char buf[32];
    CHECK_NULL(fopen("none", "r"), ENOENT);
    CHECK_NULL(fopen("none", "r+"), ENOENT);
    CHECK_NULL(fopen("text", "q"), EINVAL);
    CHECK_NULL(fopen("text", ""), EINVAL);
    CHECK_NULL(fopen("dir", "w"), EISDIR);
    CHECK_NULL(fopen("text/x", "w"), ENOTDIR);
    FILE *f = fopen("made", "w"); /* made where it is not there */
    REQUIRE(f != NULL);
    CHECK(fputs("abcdef", f) >= 0);
    CHECK_EQ(fgetc(f), EOF); /* not for reading */
    CHECK_EQ(fclose(f), 0);
    f = fopen("made", "r+"); /* not cut */
    REQUIRE(f != NULL);
    CHECK_EQ(fgetc(f), 'a');
    fseek(f, 0, SEEK_CUR);
    CHECK_EQ(fputc('B', f), 'B');
    CHECK_EQ(fclose(f), 0);
    CHECK(file_is("made", "aBcdef"));
    f = fopen("made", "ab"); /* at the end, wherever one seeks */
    REQUIRE(f != NULL);
    fseek(f, 0, SEEK_SET);
    CHECK(fputs("gh", f) >= 0);
    CHECK_EQ(fclose(f), 0);
    CHECK(file_is("made", "aBcdefgh"));
    f = fopen("made", "a+");
    REQUIRE(f != NULL);
    rewind(f);
    CHECK_EQ(fgetc(f), 'a');
    CHECK_EQ(fclose(f), 0);
    f = fopen("made", "w+b"); /* cut */
    REQUIRE(f != NULL);
    CHECK_EQ(fgetc(f), EOF);
    fputs("new", f);
    rewind(f);
    CHECK_STR(fgets(buf, sizeof buf, f), "new");
    CHECK_EQ(fclose(f), 0);
    CHECK_NULL(fopen("made", "wx"), EEXIST);
    f = fopen("made", "r");
    REQUIRE(f != NULL);
    CHECK_SETS(fputc('x', f) == EOF, EBADF); /* not for writing */
    CHECK_EQ(fclose(f), 0);
}

CONFORM(fdopen, NEEDS_DISK)
{
    char buf[32];
    int fd = open("text", O_RDONLY);
    REQUIRE(fd >= 0);
    CHECK_EQ(lseek(fd, 4, SEEK_SET), 4);
    FILE *f = fdopen(fd, "r");
    REQUIRE(f != NULL);
    CHECK_EQ(fileno(f), fd);
    CHECK_STR(fgets(buf, 6, f), "quick"); /* from where the descriptor was */
    CHECK_EQ(fclose(f), 0);
    CHECK(!is_open(fd));
    fd = open("made", O_RDWR | O_CREAT, 0600);
    CHECK_EQ(write(fd, "0123456789", 10), 10);
    lseek(fd, 2, SEEK_SET);
    f = fdopen(fd, "w"); /* does not cut */
    REQUIRE(f != NULL);
    CHECK_EQ(fputc('x', f), 'x');
    CHECK_NULL(fdopen(fd, "z"), EINVAL);
    CHECK_EQ(fclose(f), 0);
    CHECK(file_is("made", "01x3456789"));
    CHECK_NULL(fdopen(fd, "r"), EBADF);
    CHECK_NULL(fdopen(-1, "r"), EBADF);
}

CONFORM(freopen, NEEDS_DISK)
{
    char buf[32];
    FILE *f = stream_of("first", "r+");
    REQUIRE(f != NULL);
    CHECK_EQ(fgetc(f), 'f');
    FILE *g = freopen("text", "r", f);
    REQUIRE(g == f);
    CHECK_STR(fgets(buf, sizeof buf, f), "the quick brown fox\n");
    CHECK(freopen("made", "w", f) == f);
    CHECK(fputs("written", f) >= 0);
    CHECK(freopen("text", "r", f) == f); /* writes what was left */
    CHECK(file_is("made", "written"));
    while (fgetc(f) != EOF)
        ;
    CHECK(feof(f));
    CHECK(freopen("text", "r", f) == f);
    CHECK(!feof(f) && !ferror(f));
    int fd = fileno(f);
    CHECK_NULL(freopen("none", "r", f), ENOENT);
    CHECK(!is_open(fd)); /* the old file is closed all the same */
}

CONFORM(fclose, NEEDS_DISK)
{
    FILE *f = fopen("made", "w");
    REQUIRE(f != NULL);
    int fd = fileno(f);
    fputs("to be written", f);
    CHECK(file_is("made", "")); /* still in the buffer */
    CHECK_EQ(fclose(f), 0);
    CHECK(file_is("made", "to be written"));
    CHECK(!is_open(fd));
    f = stream_of("abcdef", "r");
    REQUIRE(f != NULL);
    int other = dup(fileno(f));
    CHECK_EQ(fgetc(f), 'a');
    CHECK_EQ(fclose(f), 0); /* what was read ahead is given back */
    CHECK_EQ(lseek(other, 0, SEEK_CUR), 1);
    close(other);
    f = fopen("made", "w");
    REQUIRE(f != NULL);
    fputs("nowhere to go", f);
    close(fileno(f));
    CHECK_SETS(fclose(f) == EOF, EBADF);
}

CONFORM(fileno, NEEDS_DISK)
{
    CHECK_EQ(fileno(stdin), STDIN_FILENO);
    CHECK_EQ(fileno(stdout), STDOUT_FILENO);
    CHECK_EQ(fileno(stderr), STDERR_FILENO);
    FILE *f = fopen("text", "r");
    REQUIRE(f != NULL);
    CHECK(fileno(f) > STDERR_FILENO && is_open(fileno(f)));
    fclose(f);
}

CONFORM(tmpfile, NEEDS_DISK)
{
    struct stat st;
    char buf[16];
    FILE *f = tmpfile(), *g = tmpfile();
    REQUIRE(f != NULL && g != NULL && f != g);
    CHECK_EQ(fstat(fileno(f), &st), 0);
    CHECK_EQ(st.st_size, 0);
    CHECK_EQ(st.st_nlink, 0); /* without a name */
    CHECK(fputs("one", f) >= 0 && fputs("two", g) >= 0);
    rewind(f);
    rewind(g);
    CHECK_STR(fgets(buf, sizeof buf, f), "one");
    CHECK_STR(fgets(buf, sizeof buf, g), "two");
    CHECK_EQ(fclose(f), 0);
    CHECK_EQ(fclose(g), 0);
}

CONFORM(feof, NEEDS_DISK)
{
    FILE *f = stream_of("ab", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(fgetc(f), 'a');
    CHECK_EQ(fgetc(f), 'b');
    CHECK(!feof(f)); /* only a read that finds nothing tells */
    CHECK_EQ(fgetc(f), EOF);
    CHECK(feof(f) && !ferror(f));
    CHECK_EQ(ungetc('x', f), 'x');
    CHECK(!feof(f));
    CHECK_EQ(fgetc(f), 'x');
    CHECK_EQ(fgetc(f), EOF);
    CHECK(feof(f));
    CHECK_EQ(fseek(f, 2, SEEK_SET), 0);
    CHECK(!feof(f));
    fclose(f);
}

CONFORM(ferror, NEEDS_DISK)
{
    char buf[8];
    FILE *f = stream_of("ab", "r");
    REQUIRE(f != NULL);
    CHECK(!ferror(f));
    CHECK_EQ(fputc('x', f), EOF);
    CHECK(ferror(f) && !feof(f));
    CHECK_STR(fgets(buf, sizeof buf, f), "ab"); /* it stays, and hinders nothing */
    CHECK(ferror(f));
    rewind(f);
    CHECK(!ferror(f));
    fclose(f);
}

CONFORM(clearerr, NEEDS_DISK)
{
    FILE *f = stream_of("", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(fputc('x', f), EOF);
    CHECK_EQ(fgetc(f), EOF);
    CHECK(ferror(f) && feof(f));
    clearerr(f);
    CHECK(!ferror(f) && !feof(f));
    CHECK(put_file("stream", "more")); /* now it goes on */
    CHECK_EQ(fgetc(f), 'm');
    fclose(f);
}

/* -- buffers -- */

CONFORM(fflush, NEEDS_DISK)
{
    FILE *f = fopen("made", "w"), *g = fopen("other", "w");
    REQUIRE(f != NULL && g != NULL);
    fputs("one", f);
    fputs("two", g);
    CHECK(file_is("made", ""));
    CHECK_EQ(fflush(f), 0);
    CHECK(file_is("made", "one") && file_is("other", ""));
    fputs("!", f);
    CHECK_EQ(fflush(NULL), 0); /* all of them */
    CHECK(file_is("made", "one!") && file_is("other", "two"));
    CHECK_EQ(fflush(f), 0);
    fputs("?", g);
    int fd = fileno(g);
    close(fd);
    CHECK_SETS(fflush(g) == EOF, EBADF);
    CHECK(ferror(g));
    fclose(f);
    fclose(g);
    f = stream_of("abcdef", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(fgetc(f), 'a');
    CHECK_EQ(fflush(f), 0); /* the descriptor is where the reader is */
    CHECK_EQ(lseek(fileno(f), 0, SEEK_CUR), 1);
    CHECK_EQ(fgetc(f), 'b');
    fclose(f);
}

CONFORM(setvbuf, NEEDS_DISK)
{
    static char room[128];
    FILE *f = fopen("made", "w");
    REQUIRE(f != NULL);
    CHECK(setvbuf(f, NULL, 77, 10) != 0);
    CHECK_EQ(setvbuf(f, NULL, _IONBF, 0), 0);
    fputs("at once", f);
    CHECK(file_is("made", "at once"));
    fclose(f);
    f = fopen("made", "w");
    REQUIRE(f != NULL);
    CHECK_EQ(setvbuf(f, NULL, _IOLBF, 256), 0);
    fputs("a line\nand a half", f);
    CHECK(file_is("made", "a line\nand a half") || file_is("made", "a line\n"));
    fclose(f);
    f = fopen("made", "w");
    REQUIRE(f != NULL);
    CHECK_EQ(setvbuf(f, room, _IOFBF, sizeof room), 0);
    fputs("a\nb", f);
    CHECK(file_is("made", ""));
    for (int i = 0; i < 200; i++)
        fputc('x', f);
    char buf[8];
    CHECK_EQ(strlen(get_file("made", buf, sizeof buf)), 7); /* more than fits */
    fclose(f);
    struct stat st;
    CHECK_EQ(stat("made", &st), 0);
    CHECK_EQ(st.st_size, 203);
    f = fopen("lines", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(setvbuf(f, NULL, _IONBF, 0), 0);
    CHECK_EQ(fgetc(f), 'l');
    CHECK_EQ(lseek(fileno(f), 0, SEEK_CUR), 1); /* nothing is read ahead */
    fclose(f);
}

CONFORM(setbuf, NEEDS_DISK)
{
    static char room[BUFSIZ];
    FILE *f = fopen("made", "w");
    REQUIRE(f != NULL);
    setbuf(f, NULL);
    fputs("at once", f);
    CHECK(file_is("made", "at once"));
    fclose(f);
    f = fopen("made", "w");
    REQUIRE(f != NULL);
    setbuf(f, room);
    fputs("later\n", f);
    CHECK(file_is("made", ""));
    CHECK_EQ(fclose(f), 0);
    CHECK(file_is("made", "later\n"));
}

CONFORM(setlinebuf, NEEDS_DISK)
{
    FILE *f = fopen("made", "w");
    REQUIRE(f != NULL);
    setlinebuf(f);
    fputs("part", f);
    CHECK(file_is("made", ""));
    fputs(" and rest\n", f);
    CHECK(file_is("made", "part and rest\n"));
    fputc('x', f);
    fputc('\n', f);
    CHECK(file_is("made", "part and rest\nx\n"));
    fclose(f);
}
