// SPDX-License-Identifier: GPL-2.0-or-later
/* position.c - where a stream is: told and set, within the buffer, around it and past the end. */
#include "support.h"

#include <unistd.h>

#define TEXT "0123456789abcdef"

/* A stream with TEXT of which three characters were read. */
static FILE *begun(void)
{
    FILE *f = stream_of(TEXT, "r+");
    REQUIRE(f != NULL);
    fgetc(f);
    fgetc(f);
    fgetc(f);
    return f;
}

/* No position: a pipe. */
static FILE *pipe_stream(void)
{
    static int ends[2];
    REQUIRE(pipe(ends) == 0);
    FILE *f = fdopen(ends[0], "r");
    REQUIRE(f != NULL);
    close(ends[1]);
    return f;
}

CONFORM(fseek, NEEDS_DISK)
{
    FILE *f = begun();
    CHECK_EQ(fseek(f, 10, SEEK_SET), 0);
    CHECK_EQ(fgetc(f), 'a');
    CHECK_EQ(fseek(f, -3, SEEK_CUR), 0); /* from where the reader is */
    CHECK_EQ(fgetc(f), '8');
    CHECK_EQ(fseek(f, -1, SEEK_END), 0);
    CHECK_EQ(fgetc(f), 'f');
    CHECK_ERRNO(fseek(f, -1, SEEK_SET), EINVAL);
    CHECK_ERRNO(fseek(f, 0, 9), EINVAL);
    CHECK_EQ(ftell(f), 16); /* where it was */
    CHECK_EQ(fseek(f, 3, SEEK_END), 0);
    CHECK_EQ(fputc('!', f), '!'); /* zeros in between */
    CHECK_EQ(fseek(f, 15, SEEK_SET), 0);
    CHECK_EQ(fgetc(f), 'f');
    CHECK_EQ(fgetc(f), 0);
    CHECK_EQ(fseek(f, 2, SEEK_CUR), 0);
    CHECK_EQ(fgetc(f), '!');
    fclose(f);
    f = pipe_stream();
    CHECK_ERRNO(fseek(f, 0, SEEK_SET), ESPIPE);
    fclose(f);
}

CONFORM(fseeko, NEEDS_DISK)
{
    FILE *f = begun();
    CHECK_EQ(fseeko(f, 7, SEEK_SET), 0);
    CHECK_EQ(fgetc(f), '7');
    CHECK_EQ(fseeko(f, -2, SEEK_CUR), 0);
    CHECK_EQ(fgetc(f), '6');
    CHECK_EQ(fseeko(f, (off_t)5000000000, SEEK_SET), 0); /* more than 32 bits */
    CHECK(ftello(f) == (off_t)5000000000);
    CHECK_EQ(fgetc(f), EOF);
    CHECK_ERRNO(fseeko(f, -17, SEEK_END), EINVAL);
    fclose(f);
}

CONFORM(ftell, NEEDS_DISK)
{
    FILE *f = begun();
    CHECK_EQ(ftell(f), 3);
    CHECK_EQ(ungetc('x', f), 'x');
    CHECK_EQ(ftell(f), 2);
    CHECK_EQ(fseek(f, 5, SEEK_SET), 0);
    CHECK_EQ(ftell(f), 5);
    CHECK(fputs("xyz", f) >= 0); /* unwritten characters count */
    CHECK_EQ(ftell(f), 8);
    CHECK_EQ(fflush(f), 0);
    CHECK_EQ(ftell(f), 8);
    fclose(f);
    f = fopen("stream", "a");
    REQUIRE(f != NULL);
    CHECK(fputs("++", f) >= 0);
    CHECK_EQ(ftell(f), 18); /* at the end */
    fclose(f);
    f = pipe_stream();
    CHECK_ERRNO(ftell(f), ESPIPE);
    fclose(f);
}

CONFORM(ftello, NEEDS_DISK)
{
    FILE *f = begun();
    CHECK_EQ(ftello(f), 3);
    CHECK_EQ(fseeko(f, 0, SEEK_END), 0);
    CHECK_EQ(ftello(f), 16);
    CHECK_EQ(fputc('x', f), 'x');
    CHECK_EQ(ftello(f), 17);
    fclose(f);
    f = pipe_stream();
    CHECK(ftello(f) == -1);
    fclose(f);
}

CONFORM(rewind, NEEDS_DISK)
{
    FILE *f = begun();
    rewind(f);
    CHECK_EQ(fgetc(f), '0');
    fseek(f, 0, SEEK_END);
    CHECK_EQ(fgetc(f), EOF);
    rewind(f);
    CHECK(!feof(f));
    CHECK_EQ(fgetc(f), '0');
    rewind(f);
    CHECK_EQ(fputc('X', f), 'X'); /* it may change direction */
    rewind(f);
    CHECK_EQ(fgetc(f), 'X');
    CHECK_EQ(fgetc(f), '1');
    fclose(f);
}

CONFORM(fgetpos, NEEDS_DISK)
{
    fpos_t here, end;
    FILE *f = begun();
    CHECK_EQ(fgetpos(f, &here), 0);
    CHECK_EQ(fgetc(f), '3');
    fseek(f, 0, SEEK_END);
    CHECK_EQ(fgetpos(f, &end), 0);
    CHECK_EQ(fsetpos(f, &here), 0);
    CHECK_EQ(fgetc(f), '3');
    CHECK_EQ(fsetpos(f, &end), 0);
    CHECK_EQ(fgetc(f), EOF);
    fclose(f);
    f = pipe_stream();
    CHECK(fgetpos(f, &here) != 0);
    fclose(f);
}

CONFORM(fsetpos, NEEDS_DISK)
{
    fpos_t start;
    FILE *f = stream_of(TEXT, "r+");
    REQUIRE(f != NULL);
    CHECK_EQ(fgetpos(f, &start), 0);
    fseek(f, 0, SEEK_END);
    CHECK_EQ(fgetc(f), EOF);
    CHECK_EQ(ungetc('x', f), 'x');
    CHECK_EQ(fsetpos(f, &start), 0); /* forgets the end, and what was pushed back */
    CHECK(!feof(f));
    CHECK_EQ(fgetc(f), '0');
    CHECK_EQ(fsetpos(f, &start), 0);
    CHECK_EQ(fputc('#', f), '#');
    CHECK_EQ(fclose(f), 0);
    CHECK(file_is("stream", "#123456789abcdef"));
}
