// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * response.h - the answer to a request: text, and the parts of a file that come between.
 *
 *     text ---head---|------|--------|end    head, then for several ranges a head a part
 *                    ^span0 ^span1           each span: file bytes [from, to) behind text[0, text)
 *
 *   response_make  builds it and opens the file
 *   response_end   closes the file; the text's memory stays for the next
 */
#ifndef HTTPD_RESPONSE_H
#define HTTPD_RESPONSE_H

#include "range.h"
#include "request.h"
#include "text.h"
#include <sys/stat.h>

struct span {
    size_t text;
    off_t from, to;
};
struct response {
    struct text text;
    struct span span[RANGES_MAX];
    unsigned spans;
    int fd; /* of the file, or -1 */
    int status;
    bool keep; /* the connection, when all is sent */
};

/* status: what request_parse said. False: no descriptor is free; try again later. */
bool response_make(struct response *r, const struct request *q, int status);
/* A bare answer that ends the connection. */
void response_error(struct response *r, const struct request *q, int status);
void response_end(struct response *r);

/* listing.c: what is in the folder `real`, shown as /path/. 0 or a status; -1: no
 * descriptor is free. */
int listing_make(struct text *out, const char *real, const char *path);

/* precondition.c */
#define ETAG_SIZE 64
void etag_print(char out[ETAG_SIZE], const struct stat *st);
/* 0: go on; 304 or 412. */
int precondition(const struct request *q, const char *etag, time_t modified);
/* Is a Range field to be obeyed, if an If-Range field is there? */
bool range_wanted(const struct request *q, const char *etag, time_t modified);

#endif
