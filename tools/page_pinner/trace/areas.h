/* SPDX-License-Identifier: GPL-2.0 */
/*
 * CMA areas, as far as the kernel's own events of the trace system "cma" tell of
 * them: each has the name of an area and page frames in it.
 */
#ifndef PAGE_PINNER_AREAS_H
#define PAGE_PINNER_AREAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A machine has few; a hostile recording could have any number. */
#define AREAS_MAX 64
#define AREA_NAME_MAX 64

/**
 * struct areas - what is known of them
 * @list: name, and the first and last page frames that were seen in it
 * @nr: how many
 */
struct areas {
	struct area {
		char name[AREA_NAME_MAX];
		uint64_t from;
		uint64_t to;
	} *list;
	size_t nr;
};

/**
 * areas_add - page frames of an area were seen
 * @areas: the areas
 * @name: of the area
 * @len: length of @name
 * @pfn: the first frame
 * @count: how many
 */
void areas_add(struct areas *areas, const char *name, size_t len, uint64_t pfn, uint64_t count);

/**
 * areas_find - the area that page frames lie in
 * @areas: the areas
 * @from: the first frame
 * @to: the last one
 *
 * Return: its name, NULL if none or more than one could be it.
 */
const char *areas_find(const struct areas *areas, uint64_t from, uint64_t to);

/**
 * areas_free - release them
 * @areas: the areas
 */
void areas_free(struct areas *areas);

struct tep_event;
struct area_layout;

/**
 * area_layout_new - find what an event of the system "cma" says of an area
 * @format: format of an event, from the recording
 *
 * Return: where it lies; NULL for an event of another kind, or of a kernel that did
 * not write it.
 */
struct area_layout *area_layout_new(struct tep_event *format);

/**
 * area_read - note what a record says
 * @layout: from area_layout_new(), released by free()
 * @data: the record
 * @size: its length
 * @areas: where to
 */
void area_read(const struct area_layout *layout, const void *data, size_t size,
	       struct areas *areas);

/**
 * area_read_text - note what the text of such an event says
 * @text: its name and what follows
 * @areas: where to
 */
void area_read_text(const char *text, struct areas *areas);

#endif
