// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_model.c - the registry of models, and plugins that must be refused. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "model.h"
#include "sim_fake.h"
#include "sim_suites.h"

static void refuse(const struct hw_model *m, const char *words)
{
    struct registry r;
    struct err err = {""};
    fake_registry(&r);
    size_t n = r.n;
    const struct hw_model *const table[] = {m, NULL};
    CU_ASSERT_EQUAL(registry_add(&r, table, "plugin x.so", &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "plugin x.so"));
    if (!strstr(err.msg, words))
        fprintf(stderr, "\"%s\" lacks \"%s\"\n", err.msg, words);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, words));
    CU_ASSERT_EQUAL(r.n, n);
    registry_free(&r);
}

static void test_refused(void)
{
    struct hw_model good = *fake_models[3], m;
    good.compatible = "test,new";
    m = good;
    m.abi = HW_ABI + 1;
    refuse(&m, "this exosim has version 3");
    m = good;
    m.compatible = "test,device";
    refuse(&m, "there is a model 'test,device' already");
    m = good;
    m.compatible = NULL;
    refuse(&m, "compatible");
    m = good;
    m.compatible = "test,a-name-of-more-than-31-bytes";
    refuse(&m, "compatible");
    m = good;
    m.class_ = 77;
    refuse(&m, "class");
    m = good;
    m.ops = NULL;
    refuse(&m, "operations");
    m = good;
    m.params = NULL;
    refuse(&m, "parameter table");
    m = good;
    m.nparams = HW_MAX_PARAMS + 1;
    refuse(&m, "parameter table");
    struct hw_dev_ops ops = *model_dev(&good);
    ops.read = NULL;
    m = good;
    m.ops = &ops;
    refuse(&m, "struct hw_dev_ops");
    struct hw_cpu_ops cpu = *model_cpu(fake_models[0]);
    cpu.run = NULL;
    m = *fake_models[0];
    m.compatible = "test,cpu2";
    m.ops = &cpu;
    refuse(&m, "struct hw_cpu_ops");
    struct hw_mmu_ops mmu = *model_mmu(fake_models[1]);
    mmu.miss = NULL;
    m = *fake_models[1];
    m.compatible = "test,mmu2";
    m.ops = &mmu;
    refuse(&m, "struct hw_mmu_ops");
    mmu = *model_mmu(fake_models[1]);
    mmu.kind = 9;
    refuse(&m, "MMU kind");
}

static void test_plugins(void)
{
    struct registry r;
    struct err err = {""};
    fake_registry(&r);
    CU_ASSERT_EQUAL(registry_plugin(&r, "/nonexistent.so", &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "plugin /nonexistent.so cannot be loaded"));
    CU_ASSERT_EQUAL(registry_plugin(&r, SIM_PLUGIN_EMPTY, &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "does not export exosim_plugin_models"));
    CU_ASSERT_EQUAL(registry_plugin(&r, SIM_PLUGIN_OLD, &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "built against version 1003 of hw.h"));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, SIM_PLUGIN_OLD));
    CU_ASSERT_PTR_NULL(registry_find(&r, "test,old"));
    registry_free(&r);
}

static void test_find(void)
{
    struct registry r;
    fake_registry(&r);
    CU_ASSERT_PTR_EQUAL(registry_find(&r, "test,mmu"), fake_models[1]);
    CU_ASSERT_PTR_NULL(registry_find(&r, "test,mm"));
    CU_ASSERT_STRING_EQUAL(registry_near(&r, "test,mm"), "test,mmu");
    CU_ASSERT_PTR_NULL(registry_near(&r, "completely,different"));
    CU_ASSERT_EQUAL(model_param(fake_models[3], "exo,mode"), 3);
    CU_ASSERT_EQUAL(model_param(fake_models[3], "mode"), -1);
    CU_ASSERT_EQUAL(text_distance("kitten", "sitting"), 3);
    CU_ASSERT_EQUAL(text_distance("", "abc"), 3);
    CU_ASSERT_EQUAL(text_distance("abc", "abc"), 0);
    registry_free(&r);
}

void suite_model(void)
{
    CU_pSuite s = CU_add_suite("model", NULL, NULL);
    CU_add_test(s, "rows that are refused", test_refused);
    CU_add_test(s, "plugins that are refused", test_plugins);
    CU_add_test(s, "look-up", test_find);
}
