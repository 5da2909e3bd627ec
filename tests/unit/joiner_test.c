// SPDX-License-Identifier: GPL-2.0
/*
 * Events and the stacks behind them, with interrupts in between.
 */
#include "scene.h"

#include "read/joiner.h"

struct heard {
	struct pin_event events[8];
	size_t nr;
};

static void hear(void *ctx, const struct pin_event *ev)
{
	struct heard *heard = ctx;

	assert_true(heard->nr < 8);
	heard->events[heard->nr++] = *ev;
}

static const struct record_context task = { .cpu = 1, .pid = 7, .flags = 0 };
static const struct record_context irq = { .cpu = 1, .pid = 7, .flags = 4 };
static const struct record_context other = { .cpu = 2, .pid = 7, .flags = 0 };

static struct pin_event event(uint64_t pfn)
{
	return (struct pin_event){ .type = PIN_PUT, .pfn = pfn };
}

static void feed(struct joiner *joiner, const struct record_context *at, uint64_t pfn)
{
	struct pin_event ev = event(pfn);

	joiner_event(joiner, at, &ev);
}

/* The stack of @pfn, as it came out. */
static uint32_t stack_of(const struct heard *heard, uint64_t pfn)
{
	for (size_t i = 0; i < heard->nr; i++)
		if (heard->events[i].pfn == pfn)
			return heard->events[i].stack;
	fail_msg("event of pfn %u did not come out", (unsigned int)pfn);
	return 0;
}

static void stack_goes_to_the_event_before_it(void **state)
{
	struct heard heard = { .nr = 0 };
	struct joiner *joiner = joiner_new(hear, &heard);

	feed(joiner, &task, 1);
	joiner_stack(joiner, &task, 11);
	feed(joiner, &task, 2);
	joiner_stack(joiner, &task, 12);
	joiner_flush(joiner);
	assert_int_equal(heard.nr, 2);
	assert_int_equal(stack_of(&heard, 1), 11);
	assert_int_equal(stack_of(&heard, 2), 12);
	joiner_free(joiner);
}

static void interrupt_between_event_and_stack(void **state)
{
	struct heard heard = { .nr = 0 };
	struct joiner *joiner = joiner_new(hear, &heard);

	feed(joiner, &task, 1);
	feed(joiner, &irq, 2);
	joiner_stack(joiner, &irq, 12);
	joiner_stack(joiner, &task, 11);
	joiner_flush(joiner);
	assert_int_equal(heard.nr, 2);
	assert_int_equal(stack_of(&heard, 1), 11);
	assert_int_equal(stack_of(&heard, 2), 12);
	joiner_free(joiner);
}

static void cpus_do_not_mix(void **state)
{
	struct heard heard = { .nr = 0 };
	struct joiner *joiner = joiner_new(hear, &heard);

	feed(joiner, &task, 1);
	feed(joiner, &other, 2);
	joiner_stack(joiner, &other, 12);
	joiner_stack(joiner, &task, 11);
	joiner_flush(joiner);
	assert_int_equal(stack_of(&heard, 1), 11);
	assert_int_equal(stack_of(&heard, 2), 12);
	joiner_free(joiner);
}

static void stack_of_something_else_is_not_taken(void **state)
{
	struct heard heard = { .nr = 0 };
	struct joiner *joiner = joiner_new(hear, &heard);

	feed(joiner, &task, 1);
	joiner_other(joiner, &task);
	joiner_stack(joiner, &task, 99);
	joiner_flush(joiner);
	assert_int_equal(heard.nr, 1);
	assert_int_equal(stack_of(&heard, 1), 0);
	joiner_free(joiner);
}

static void event_without_a_stack_comes_out_all_the_same(void **state)
{
	struct heard heard = { .nr = 0 };
	struct joiner *joiner = joiner_new(hear, &heard);

	feed(joiner, &task, 1);
	feed(joiner, &task, 2);
	joiner_stack(joiner, &task, 12);
	joiner_flush(joiner);
	assert_int_equal(heard.nr, 2);
	assert_int_equal(heard.events[0].pfn, 1);
	assert_int_equal(stack_of(&heard, 1), 0);
	assert_int_equal(stack_of(&heard, 2), 12);
	joiner_free(joiner);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(stack_goes_to_the_event_before_it),
		cmocka_unit_test(interrupt_between_event_and_stack),
		cmocka_unit_test(cpus_do_not_mix),
		cmocka_unit_test(stack_of_something_else_is_not_taken),
		cmocka_unit_test(event_without_a_stack_comes_out_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
