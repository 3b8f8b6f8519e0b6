// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_cap.c - names, domination both ways, cap_derive, cap_grant, cap_drop, halt. */
#include "exo_rig.h"

static struct exo_name name(const char *bytes, uint8_t rights)
{
    struct exo_name n = {.len = (uint8_t)strlen(bytes), .rights = rights};
    memcpy(n.byte, bytes, n.len);
    return n;
}

EXO_TEST(domination)
{
    struct exo_name root = name("", 7), a = name("a", 7), ab = name("ab", 7),
                    b = name("b", 7), none = {.len = EXO_NAME_NONE, .rights = 7};
    struct exo_name long_ = name("abcdef", 7), longer = long_;
    longer.len = EXO_CAP_NAME_MAX + 1;
    CHECK(name_dominates(&a, &a));
    CHECK(name_dominates(&a, &ab));
    CHECK(!name_dominates(&ab, &a));
    struct exo_name a0 = {.len = 2, .rights = 7, .byte = {'a', 0}};
    CHECK(name_dominates(&a, &a0) &&
          !name_dominates(&a0, &a)); /* also if the byte is 0 */
    CHECK(!name_dominates(&b, &ab));
    CHECK(name_dominates(&root, &a) && name_dominates(&root, &root));
    CHECK(!name_dominates(&a, &root));
    CHECK(name_dominates(&ab, &long_));
    CHECK(!name_dominates(&none, &a) && !name_dominates(&a, &none));
    CHECK(!name_dominates(&none, &none) && !name_dominates(&root, &none));
    CHECK(!name_dominates(&a, &longer) && !name_dominates(&longer, &longer));
}

EXO_TEST(rights_of_both_sides)
{
    struct exo_name cap = name("a", EXO_CAP_R), guard = name("ab", EXO_CAP_R | EXO_CAP_W);
    CHECK(name_satisfies(&cap, &guard, EXO_CAP_R));
    CHECK(!name_satisfies(&cap, &guard, EXO_CAP_W));
    CHECK(!name_satisfies(&cap, &guard, EXO_CAP_R | EXO_CAP_W));
    cap.rights = EXO_CAP_ALL;
    CHECK(name_satisfies(&cap, &guard, EXO_CAP_W));
    guard.rights = EXO_CAP_R;
    CHECK(!name_satisfies(&cap, &guard, EXO_CAP_W));
    CHECK(!name_satisfies(&guard, &cap, EXO_CAP_R)); /* dominates the wrong way */
}

EXO_TEST(derive)
{
    boot(1);
    EXPECT(CALL(cap_derive, 1, 2, 0, 0), -EXO_ECAP); /* empty */
    EXPECT(CALL(cap_derive, EXO_NCAP, 2, 0, 0), -EXO_ECAP);
    EXPECT(CALL(cap_derive, 0, EXO_NCAP, 0, 0), -EXO_ECAP);
    EXPECT(CALL(cap_derive, 0, (exo_word)-1, 0, 0), -EXO_ECAP);
    EXPECT(CALL(cap_derive, 0, 0, 0, 0), -EXO_EBUSY);
    EXPECT(CALL(cap_derive, 0, 1, 256, 0), -EXO_ERANGE);
    EXPECT(CALL(cap_derive, 0, 1, 5, 8), -EXO_EINVAL);
    EXPECT(CALL(cap_derive, 0, 1, 5, EXO_CAP_R | EXO_CAP_G), 0);
    const struct exo_name *n = &envs[1].cap[1];
    CHECK(n->len == 2 && n->byte[0] == 1 && n->byte[1] == 5 && n->rights == 5);
    EXPECT(CALL(cap_derive, 1, 2, 0, EXO_CAP_W), -EXO_EPERM); /* more than it has */
    EXPECT(CALL(cap_derive, 1, 2, 0, EXO_CAP_R), 0);
    EXPECT(CALL(cap_derive, 2, 3, 0, EXO_CAP_R), -EXO_EPERM); /* no EXO_CAP_G */
    for (uint32_t slot = 3, from = 1; envs[1].cap[from].len < EXO_CAP_NAME_MAX;
         from = slot++)
        EXPECT(CALL(cap_derive, from, slot, 0xff, EXO_CAP_R | EXO_CAP_G), 0);
    CHECK(envs[1].cap[6].len == EXO_CAP_NAME_MAX);
    EXPECT(CALL(cap_derive, 6, 10, 1, EXO_CAP_R), -EXO_EFULL);
}

EXO_TEST(grant)
{
    boot(2);
    make_child(10);
    EXPECT(CALL(cap_grant, 11, 0, 0, 0), -EXO_EENV); /* free */
    EXPECT(CALL(cap_grant, EXO_NENV, 0, 0, 0), -EXO_EENV);
    EXPECT(CALL(cap_grant, (exo_word)-1, 0, 0, 0), -EXO_EENV);
    EXPECT(CALL(cap_grant, 10, 1, 0, 0), -EXO_ECAP);
    EXPECT(CALL(cap_grant, 2, 0, 0, 0), -EXO_EPERM); /* a stranger */
    EXPECT(CALL(cap_grant, 10, 0, 1, 0), -EXO_ECAP);
    EXPECT(CALL(cap_grant, 10, 0, 0, EXO_NCAP), -EXO_ECAP);
    EXPECT(CALL(cap_grant, 10, 0, 0, 3), 0);
    CHECK(memcmp(&envs[10].cap[3], &envs[1].cap[0], sizeof(struct exo_name)) == 0);
    EXPECT(CALL(cap_grant, 10, 0, 0, 3), -EXO_EBUSY);
    EXPECT(CALL(cap_derive, 0, 1, 7, EXO_CAP_R | EXO_CAP_W), 0);
    EXPECT(CALL(cap_grant, 10, 0, 1, 4), -EXO_EPERM); /* may not be passed on */
    EXPECT(CALL(cap_grant, 10, 1, 0, 4), -EXO_EPERM); /* {1,7} does not dominate {1} */
    EXPECT(CALL(cap_grant, 0, 0, 0, 5), 0);           /* to itself */
    EXPECT(CALL(env_create, 11, 1), 0);               /* guard {1,7} R W */
    EXPECT(CALL(cap_grant, 11, 0, 0, 0), 0);
}

EXO_TEST(control_needs_the_write_right)
{
    boot(1);
    make_child(10);
    EXPECT(CALL(cap_derive, 0, 1, 7, EXO_CAP_ALL), 0);
    EXPECT(CALL(cap_derive, 0, 2, 7, EXO_CAP_R | EXO_CAP_G), 0); /* same name, no W */
    EXPECT(CALL(env_create, 11, 1), 0);
    EXPECT(CALL(env_create, 12, 2), -EXO_EPERM);
    EXPECT(CALL(env_destroy, 11, 2, 0), -EXO_EPERM);
    EXPECT(CALL(cap_grant, 11, 2, 0, 0), -EXO_EPERM);
    EXPECT(CALL(frame_alloc, free_frame(), 2), -EXO_EPERM);
    EXPECT(CALL(env_destroy, 11, 1, 0), 0);
}

EXO_TEST(drop)
{
    boot(1);
    EXPECT(CALL(cap_drop, 1), -EXO_ECAP);
    EXPECT(CALL(cap_drop, EXO_NCAP), -EXO_ECAP);
    EXPECT(CALL(cap_drop, 0), 0);
    EXPECT(CALL(cap_drop, 0), -EXO_ECAP);
    EXPECT(CALL(frame_alloc, free_frame(), 0), -EXO_ECAP);
}

EXO_TEST(nobody_halts)
{
    boot(1);
    EXPECT(CALL(halt, 0, 0), -EXO_EPERM);
    EXPECT(CALL(halt, 0, 1), -EXO_ECAP);
    envs[1].cap[2] = (struct exo_name){.len = 0, .rights = EXO_CAP_W};
    EXPECT(CALL(halt, 3, 2), HOST_GONE);
    CHECK(host.halted && host.status == 3);
}

EXO_TEST(invariants_notice_a_root_capability)
{
    boot(1);
    envs[1].cap[2] = (struct exo_name){.len = 0, .rights = EXO_CAP_W};
    EXPECT(CALL(null), HOST_GONE);
    CHECK(host.panicked);
    host.panicked = false;
}

const struct rig_test exo_cap_tests[] = {RIG_ROW(domination),
                                         RIG_ROW(rights_of_both_sides),
                                         RIG_ROW(derive),
                                         RIG_ROW(grant),
                                         RIG_ROW(control_needs_the_write_right),
                                         RIG_ROW(drop),
                                         RIG_ROW(nobody_halts),
                                         RIG_ROW(invariants_notice_a_root_capability),
                                         RIG_END};
