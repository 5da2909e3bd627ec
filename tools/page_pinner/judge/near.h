/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which failures of one task belong to the same operation: one allocation, one
 * offline, one registration.
 */
#ifndef PAGE_PINNER_NEAR_H
#define PAGE_PINNER_NEAR_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct extent - where and when an operation failed so far
 * @from_pfn: the lowest page
 * @to_pfn: the highest one, of a folio its last page
 * @last_ns: of its last attempt
 */
struct extent {
	uint64_t from_pfn;
	uint64_t to_pfn;
	uint64_t last_ns;
};

/**
 * near_enough - does one more failure belong to it
 * @extent: of the operation
 * @reason: &enum pin_reason of both
 * @pfn: of the folio that fails
 * @order: its order
 * @ts: when
 *
 * Return: true if it does.
 */
bool near_enough(const struct extent *extent, unsigned int reason, uint64_t pfn,
		 unsigned int order, uint64_t ts);

/**
 * near_widen - the operation reaches that far, too
 * @extent: of the operation
 * @pfn: of a folio
 * @order: its order
 * @last_ns: when it failed
 */
void near_widen(struct extent *extent, uint64_t pfn, unsigned int order, uint64_t last_ns);

/**
 * near_last_pfn - the last page of a folio
 * @pfn: of its head page
 * @order: its order
 *
 * Return: that page.
 */
uint64_t near_last_pfn(uint64_t pfn, unsigned int order);

#endif
