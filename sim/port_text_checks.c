// SPDX-License-Identifier: GPL-2.0-or-later
/* port_text_checks.c - the checks of the porting report in words. See port_checks.c. */
#include "port_report.h"

static const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static long long number_of(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

/* A check that was not made: its reason. */
static bool skipped(const json_t *check, const char *name, FILE *to)
{
    if (!json_is_string(check))
        return false;
    fprintf(to, "%s: %s\n", name, json_string_value(check));
    return true;
}

static void unpredicted(const json_t *list, FILE *to)
{
    size_t i;
    json_t *u;
    if (skipped(list, "executed but not predicted", to))
        return;
    fprintf(to, "executed but not predicted: %zu places%s\n", json_array_size(list),
            json_array_size(list) ? " (errors of the analysis)" : "");
    json_array_foreach(list, i, u)
    {
        fprintf(to, "    %s %s: %s%s", text_of(u, "board"), text_of(u, "api"),
                text_of(u, "file"), text_of(u, "unknown"));
        size_t k;
        json_t *line;
        json_array_foreach(json_object_get(u, "lines"), k, line)
            fprintf(to, "%s%lld", k ? "," : ":", (long long)json_integer_value(line));
        fprintf(to, "\n");
    }
}

static void untouched(const json_t *list, bool lists, FILE *to)
{
    size_t i, k;
    json_t *u, *f;
    if (skipped(list, "port code that no run touched", to))
        return;
    fprintf(to, "port code that no run touched:\n");
    json_array_foreach(list, i, u)
    {
        const json_t *functions = json_object_get(u, "functions");
        long long lines = number_of(u, "lines");
        fprintf(to, "    %s %s %s %s: %lld of %lld lines, %zu whole functions\n",
                text_of(u, "board"), text_of(u, "part"), text_of(u, "class"),
                text_of(u, "kind"), lines - number_of(u, "executed"), lines,
                json_array_size(functions));
        if (lists)
            json_array_foreach(functions, k, f)
                fprintf(to, "        %s (%s, %lld lines)\n", text_of(f, "name"),
                        text_of(f, "file"), number_of(f, "lines"));
    }
}

static void mentions(const json_t *list, FILE *to)
{
    size_t i;
    json_t *m;
    if (skipped(list, "generic files that name a machine", to))
        return;
    fprintf(to, "generic files that name a machine: %zu places\n", json_array_size(list));
    json_array_foreach(list, i, m) fprintf(to, "    %s:%lld: %s\n", text_of(m, "file"),
                                           number_of(m, "line"), text_of(m, "word"));
}

static void balance(const json_t *board, const char *part, FILE *to)
{
    const json_t *b = json_object_get(board, part);
    fprintf(
        to,
        "    %s %s: platform %lld + functions %lld + calls %lld + unreached %lld = %lld "
        "lines%s\n",
        text_of(board, "board"), part, number_of(b, "platform"),
        number_of(b, "apis_only"), number_of(b, "calls_only"), number_of(b, "unreached"),
        number_of(b, "all"), json_is_true(json_object_get(b, "same")) ? "" : ": WRONG");
}

static void lines(const json_t *list, bool all, FILE *to)
{
    static const char *const images[] = {"kernel", "program"};
    size_t i;
    json_t *b;
    long long missing = 0, wrong = 0;
    json_array_foreach(list, i, b)
    {
        wrong += !json_is_true(json_object_get(json_object_get(b, "libos"), "same"));
        wrong += !json_is_true(json_object_get(json_object_get(b, "kernel"), "same"));
        for (unsigned k = 0; k < 2; k++) {
            const json_t *one = json_object_get(json_object_get(b, "images"), images[k]);
            if (!skipped(one, images[k], to))
                missing += number_of(one, "missing");
        }
    }
    fprintf(to,
            "lines: totals of %zu boards add up but for %lld; %lld places of the linked "
            "images are in no object\n",
            json_array_size(list), wrong, missing);
    json_array_foreach(list, i, b) if (all || wrong)
    {
        balance(b, "libos", to);
        balance(b, "kernel", to);
    }
}

static void instructions(const json_t *list, FILE *to)
{
    size_t i, k;
    json_t *b, *name;
    if (skipped(list, "instructions", to))
        return;
    long long runs = 0, sum = 0, unknown = 0, apart = 0;
    json_array_foreach(list, i, b)
    {
        const char *part;
        json_t *s;
        runs += number_of(b, "runs");
        unknown += number_of(b, "unknown");
        json_object_foreach(json_object_get(b, "sums"), part, s) sum +=
            number_of(s, "profile");
        json_array_foreach(json_object_get(b, "apart"), k, name)
        {
            apart++;
            fprintf(to, "    %s %s: profile and counters differ\n", text_of(b, "board"),
                    json_string_value(name));
        }
    }
    fprintf(to,
            "instructions: %lld of %lld runs by profile; the machines' own counters "
            "differ in "
            "%lld runs; %lld at addresses of no image\n",
            sum, runs, apart, unknown);
}

void port_checks_print(const struct port_checks *c, bool lists, FILE *to)
{
    fprintf(to, "\nChecks: %u errors\n", c->errors);
    unpredicted(json_object_get(c->json, "unpredicted"), to);
    untouched(json_object_get(c->json, "untouched"), lists, to);
    mentions(json_object_get(c->json, "mentions"), to);
    lines(json_object_get(c->json, "lines"), lists, to);
    instructions(json_object_get(c->json, "instructions"), to);
}
