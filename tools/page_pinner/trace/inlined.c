// SPDX-License-Identifier: GPL-2.0
/*
 * Frames with what was inlined into them; see inlined.h.
 */
#define _GNU_SOURCE
#include "trace/inlined.h"

#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "trace/guard.h"
#include "trace/symbols.h"
#include "util.h"

#define LIBRARY "libdw"

/* There are several functions of the name: where one of them is, it cannot tell. */
#define AMBIGUOUS UINT64_MAX

/**
 * struct debug_file - debug information of the kernel or a module
 * @name: of the file, for messages and for opening
 * @given: what of it the user wrote
 * @module: whose code it is, NULL for the kernel proper
 * @info: NULL until it is needed, or if it cannot be read
 * @settled: no more is to be found out: it is placed, or of no use
 */
struct debug_file {
	char *name;
	const char *given;
	char *module;
	struct debuginfo *info;
	bool settled;
};

/**
 * struct frame_list - what was found out of an address
 * @frames: innermost first; strings are interned
 * @nr: how many
 * @room: allocated
 */
struct frame_list {
	struct debug_frame *frames;
	size_t nr;
	size_t room;
};

struct inlined {
	struct symbols *syms;
	struct guard *const *guard;
	struct debug_file *files;
	size_t nr, room;
	struct map where;	/* address + 1, by hash of name and module */
	bool indexed;
	struct map lists;	/* by address */
};

struct inlined *inlined_new(struct symbols *syms, struct guard *const *guard)
{
	struct inlined *in = xzalloc(sizeof(*in));

	in->syms = syms;
	in->guard = guard;
	return in;
}

static void add_file(struct inlined *in, const char *name, const char *given, const char *module,
		     struct debuginfo *info)
{
	struct debug_file new = {
		.name = xstrdup(name), .given = given, .module = xstrdup(module), .info = info,
	};

	VEC_PUSH(in->files, in->nr, in->room, new);
}

/* "nf_tables" of "…/nf-tables.ko.debug"; false for what is no module. */
static bool module_of(const char *base, char *name, size_t room)
{
	const char *dot = strstr(base, ".ko");
	size_t len = dot ? (size_t)(dot - base) : 0, i;

	if (!len || len >= room || (dot[3] && dot[3] != '.'))
		return false;
	for (i = 0; i < len; i++)
		name[i] = base[i] == '-' ? '_' : base[i];
	name[len] = '\0';
	return true;
}

/* Modules are opened when one of them is in a stack. */
static int add_directory(struct inlined *in, const char *dir)
{
	char *paths[] = { (char *)dir, NULL }, name[64];
	FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	size_t before = in->nr;
	FTSENT *entry;

	while (fts && (entry = fts_read(fts)))
		if (entry->fts_info == FTS_F && module_of(entry->fts_name, name, sizeof(name)))
			add_file(in, entry->fts_path, dir, name, NULL);
	if (fts)
		fts_close(fts);
	if (in->nr > before)
		return 0;
	report_error("%s: no modules (*.ko) in this directory", dir);
	return -1;
}

static struct debuginfo *open_info(struct inlined *in, const char *file, const char *given)
{
	struct debuginfo *info;

	guard_enter(*in->guard, LIBRARY, given);
	info = debuginfo_open(file);
	guard_leave(*in->guard);
	return info;
}

int inlined_add(struct inlined *in, const char *file)
{
	struct debuginfo *info;
	struct stat st;

	if (stat(file, &st)) {
		report_error("%s: %s", file, strerror(errno));
		return -1;
	}
	if (S_ISDIR(st.st_mode))
		return add_directory(in, file);
	info = open_info(in, file, file);
	if (!info)
		return -1;
	add_file(in, file, file, debuginfo_module(info), info);
	return 0;
}

static uint64_t key_of(const char *name, const char *module)
{
	uint64_t key = hash_bytes(name, strlen(name));

	return module ? key ^ hash_bytes(module, strlen(module)) * 3 : key;
}

static void note_where(void *ctx, const struct symbol *sym, uint64_t addr)
{
	struct inlined *in = ctx;
	uint64_t key = key_of(sym->name, sym->module);

	map_put(&in->where, key, (void *)(uintptr_t)(map_get(&in->where, key) ? AMBIGUOUS :
						     addr + 1));
}

static uint64_t where(void *ctx, const char *name, const char *module)
{
	struct inlined *in = ctx;
	uint64_t addr = (uintptr_t)map_get(&in->where, key_of(name, module));

	return addr == AMBIGUOUS || !addr ? 0 : addr - 1;
}

/* It is of no use, which is said once. */
static void drop(struct debug_file *file, const char *why)
{
	report_error("%s: not used: %s", file->name, why);
	debuginfo_close(file->info);
	file->info = NULL;
	file->settled = true;
}

/* Find out where the code of a file ran, once. */
static void settle(struct inlined *in, struct debug_file *file)
{
	const char *why;

	file->settled = true;
	if (!in->indexed)
		symbols_each(in->syms, note_where, in);
	in->indexed = true;
	if (!file->info)
		file->info = open_info(in, file->name, file->given);
	if (!file->info)
		return;
	guard_enter(*in->guard, LIBRARY, file->given);
	why = debuginfo_place(file->info, where, in);
	guard_leave(*in->guard);
	if (why)
		drop(file, why);
}

static void print_function(void *ctx, const char *name, uint64_t addr)
{
	if (!strchr(name, ' ') && !strchr(name, '\n'))
		strbuf_add(ctx, "%" PRIx64 " t %s\n", addr, name);
}

static void count_symbol(void *ctx, const struct symbol *sym, uint64_t addr)
{
	++*(size_t *)ctx;
}

void inlined_landmark(struct inlined *in, const char *name, uint64_t addr)
{
	struct strbuf list = { 0 };
	size_t known = 0, i;

	if (!in || !addr)
		return;
	symbols_each(in->syms, count_symbol, &known);
	if (known)
		return;
	map_put(&in->where, key_of(name, NULL), (void *)(uintptr_t)(addr + 1));
	for (i = 0; i < in->nr; i++) {
		if (in->files[i].module || in->files[i].settled)
			continue;
		settle(in, &in->files[i]);
		if (!in->files[i].info)
			continue;
		guard_enter(*in->guard, LIBRARY, in->files[i].given);
		debuginfo_functions(in->files[i].info, print_function, &list);
		guard_leave(*in->guard);
	}
	if (list.len)
		symbols_parse_kallsyms(in->syms, list.text, list.len);
	free(list.text);
}

struct collector {
	struct inlined *in;
	struct frame_list *list;
};

static void collect(void *ctx, const struct debug_frame *frame)
{
	struct collector *c = ctx;
	struct debug_frame copy = *frame;

	/* This feature's own frames are none of the story. */
	if (frame->inlined && (glob_match("page_pinner_*", frame->function) ||
			       glob_match("__page_pinner_*", frame->function)))
		return;
	copy.function = symbols_intern(c->in->syms, frame->function);
	copy.file = symbols_intern(c->in->syms, frame->file);
	VEC_PUSH(c->list->frames, c->list->nr, c->list->room, copy);
}

static bool is_of(const struct debug_file *file, const char *module)
{
	return file->module && module ? !strcmp(file->module, module) : file->module == module;
}

/* Text has the names of functions, but not where in them a call was. */
static void tell_text(struct inlined *in)
{
	size_t i;

	for (i = 0; i < in->nr; i++)
		if (!in->files[i].module && !in->files[i].settled)
			drop(&in->files[i], "a recording as text has no addresses");
}

/* Ask the debug information of the module that the address is in. */
static void find_frames(struct inlined *in, uint64_t addr, const struct symbol *sym,
			struct frame_list *list)
{
	struct collector c = { in, list };
	size_t i;

	for (i = 0; i < in->nr && !list->nr; i++) {
		struct debug_file *file = &in->files[i];

		if (!is_of(file, sym->module))
			continue;
		if (!file->settled)
			settle(in, file);
		if (!file->info)
			continue;
		guard_enter(*in->guard, LIBRARY, file->given);
		debuginfo_frames(file->info, addr, collect, &c);
		guard_leave(*in->guard);
	}
}

/* The frame itself is what the symbols say it is, as verdicts have it. */
static struct frame_list *list_of(struct inlined *in, uint64_t addr)
{
	struct frame_list *list = map_get(&in->lists, addr);
	const struct symbol *sym;

	if (list)
		return list;
	list = xzalloc(sizeof(*list));
	map_put(&in->lists, addr, list);
	sym = symbols_find(in->syms, addr);
	if (symbols_made_up(in->syms, addr))
		tell_text(in);
	else
		find_frames(in, addr, sym, list);
	if (!list->nr || list->frames[list->nr - 1].inlined) {
		struct debug_frame own = { .file = "" };

		list->nr = 0;
		VEC_PUSH(list->frames, list->nr, list->room, own);
	}
	if (sym->known || list->nr == 1)
		list->frames[list->nr - 1].function = sym->name;
	return list;
}

size_t inlined_list(struct inlined *in, uint64_t addr, const struct debug_frame **frames)
{
	const struct frame_list *list = list_of(in, addr);

	*frames = list->frames;
	return list->nr;
}

void inlined_free(struct inlined *in)
{
	size_t i;

	if (!in)
		return;
	for (i = 0; i < in->nr; i++) {
		debuginfo_close(in->files[i].info);
		free(in->files[i].name);
		free(in->files[i].module);
	}
	free(in->files);
	for (i = 0; i < in->lists.room; i++) {
		struct frame_list *list = in->lists.slots[i].value;

		if (list)
			free(list->frames);
		free(list);
	}
	map_free(&in->lists);
	map_free(&in->where);
	free(in);
}
