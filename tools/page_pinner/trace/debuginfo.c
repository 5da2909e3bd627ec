// SPDX-License-Identifier: GPL-2.0
/*
 * Debug information through libdw; see debuginfo.h.
 */
#include "trace/debuginfo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <elfutils/libdwfl.h>

#include "trace/dwarf_frames.h"
#include "trace/symbols.h"
#include "util.h"

/* Of all names that both sides have once, so many have to agree. */
#define AGREE_PERCENT 90

/**
 * struct place - code that was moved as one: all of vmlinux, or a module's section
 * @key: section of the module, 0 for all of vmlinux
 * @shift: what to add to the file's addresses, modulo 2^64
 * @begin: of its functions in the file
 * @end: of its functions in the file
 * @lead: votes for @shift less those against, while it is looked for
 * @agree: names that agree with @shift
 * @all: names that were compared
 */
struct place {
	size_t key;
	uint64_t shift;
	uint64_t begin;
	uint64_t end;
	long lead;
	size_t agree;
	size_t all;
};

struct debuginfo {
	const char *file;
	char *module;
	Dwfl *dwfl;
	Dwfl_Module *mod;
	bool relocatable;
	struct place *places;
	size_t nr, room;
	struct map names;	/* how often a name occurs, by hash */
};

/* One function of the symbol table. */
struct code {
	const char *name;
	size_t len;		/* of the name without the compiler's suffix */
	uint64_t addr;
	uint64_t size;
	size_t key;
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* "name=" in .modinfo; older modules are called as their file is. */
static char *module_name(Elf *elf, const char *file)
{
	const char *base = strrchr(file, '/'), *p, *end;
	Elf_Scn *scn = NULL;
	size_t names;
	char *name;

	while (!elf_getshdrstrndx(elf, &names) && (scn = elf_nextscn(elf, scn))) {
		GElf_Shdr shdr;
		Elf_Data *data;
		const char *section;

		if (!gelf_getshdr(scn, &shdr))
			continue;
		section = elf_strptr(elf, names, shdr.sh_name);
		data = section && !strcmp(section, ".modinfo") ? elf_getdata(scn, NULL) : NULL;
		if (!data || !data->d_buf)
			continue;
		p = data->d_buf;
		end = p + data->d_size;
		for (; p < end; p += strnlen(p, end - p) + 1)
			if (end - p > 5 && !strncmp(p, "name=", 5) && memchr(p, '\0', end - p))
				return xstrdup(p + 5);
	}
	name = xstrdup(base ? base + 1 : file);
	name[strcspn(name, ".")] = '\0';
	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

static const char *read_elf(struct debuginfo *info)
{
	Dwarf_Addr bias;
	GElf_Ehdr ehdr;
	Elf *elf;
	int fd = open(info->file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return strerror(errno);
	info->dwfl = dwfl_begin(&callbacks);
	info->mod = info->dwfl ? dwfl_report_offline(info->dwfl, "", info->file, fd) : NULL;
	if (!info->mod) {
		close(fd);
		return "not an ELF file";
	}
	dwfl_report_end(info->dwfl, NULL, NULL);
	elf = dwfl_module_getelf(info->mod, &bias);
	if (!elf || !gelf_getehdr(elf, &ehdr))
		return "not an ELF file";
	info->relocatable = ehdr.e_type == ET_REL;
	if (info->relocatable)
		info->module = module_name(elf, info->file);
	if (dwfl_module_getsymtab(info->mod) < 2)
		return "no symbols in it";
	if (!dwfl_module_getdwarf(info->mod, &bias))
		return "no debug information in it: build with CONFIG_DEBUG_INFO, and do not strip it";
	return NULL;
}

struct debuginfo *debuginfo_open(const char *file)
{
	struct debuginfo *info = xzalloc(sizeof(*info));
	const char *why;

	info->file = file;
	why = read_elf(info);
	if (!why)
		return info;
	report_error("%s: %s", file, why);
	debuginfo_close(info);
	return NULL;
}

const char *debuginfo_module(const struct debuginfo *info)
{
	return info->module;
}

/* Where the text of the kernel begins is no function, but told by perf. */
static bool is_landmark(const char *name)
{
	return !strcmp(name, "_stext") || !strcmp(name, "_text");
}

static bool get_code(const struct debuginfo *info, int i, struct code *code)
{
	GElf_Addr addr;
	GElf_Word shndx;
	GElf_Sym sym;

	code->name = dwfl_module_getsym_info(info->mod, i, &sym, &addr, &shndx, NULL, NULL);
	if (!code->name || !*code->name || shndx == SHN_UNDEF || shndx == SHN_ABS)
		return false;
	if (GELF_ST_TYPE(sym.st_info) != STT_FUNC && !is_landmark(code->name))
		return false;
	code->len = symbols_plain_length(code->name);
	code->addr = addr;
	code->size = sym.st_size;
	code->key = info->relocatable ? shndx : 0;
	return true;
}

static void count_names(struct debuginfo *info, int nr)
{
	struct code code;
	uint64_t hash;
	int i;

	for (i = 1; i < nr; i++) {
		if (!get_code(info, i, &code))
			continue;
		hash = hash_bytes(code.name, code.len);
		map_put(&info->names, hash,
			(void *)((uintptr_t)map_get(&info->names, hash) + 1));
	}
}

static struct place *place_of(struct debuginfo *info, const struct code *code)
{
	struct place new = { .key = code->key, .begin = UINT64_MAX };
	size_t i;

	for (i = 0; i < info->nr; i++)
		if (info->places[i].key == code->key)
			return &info->places[i];
	VEC_PUSH(info->places, info->nr, info->room, new);
	return &info->places[i];
}

/* The shift that one name tells, if only one function has it on each side. */
static bool shift_of(struct debuginfo *info, const struct code *code, debug_where where, void *ctx,
		     uint64_t *shift)
{
	char name[256];
	uint64_t ran;

	if ((uintptr_t)map_get(&info->names, hash_bytes(code->name, code->len)) != 1 ||
	    code->len >= sizeof(name))
		return false;
	memcpy(name, code->name, code->len);
	name[code->len] = '\0';
	ran = where(ctx, name, info->module);
	*shift = ran - code->addr;
	return ran;
}

/* More than half of the names agree, or no shift will be found to be right. */
static void vote(struct debuginfo *info, int nr, debug_where where, void *ctx)
{
	struct place *place;
	struct code code;
	uint64_t shift;
	int i;

	for (i = 1; i < nr; i++) {
		if (!get_code(info, i, &code))
			continue;
		place = place_of(info, &code);
		if (code.addr < place->begin)
			place->begin = code.addr;
		if (code.addr + code.size > place->end)
			place->end = code.addr + code.size;
		if (!shift_of(info, &code, where, ctx, &shift))
			continue;
		if (!place->lead)
			place->shift = shift;
		place->lead += place->shift == shift ? 1 : -1;
	}
}

static void check(struct debuginfo *info, int nr, debug_where where, void *ctx)
{
	struct place *place;
	struct code code;
	uint64_t shift;
	int i;

	for (i = 1; i < nr; i++) {
		if (!get_code(info, i, &code) || !shift_of(info, &code, where, ctx, &shift))
			continue;
		place = place_of(info, &code);
		place->all++;
		place->agree += place->shift == shift;
	}
}

const char *debuginfo_place(struct debuginfo *info, debug_where where, void *ctx)
{
	int nr = dwfl_module_getsymtab(info->mod);
	size_t i, agree = 0, all = 0;

	count_names(info, nr);
	vote(info, nr, where, ctx);
	check(info, nr, where, ctx);
	for (i = 0; i < info->nr; i++) {
		agree += info->places[i].agree;
		all += info->places[i].all;
	}
	if (!all && info->module)
		return "no function of this module is on record";
	if (!all)
		return "where the kernel was loaded is not on record; --kallsyms, with a copy of its /proc/kallsyms, tells it";
	if (agree * 100 < all * AGREE_PERCENT)
		return "of another build than the kernel that was recorded";
	return NULL;
}

bool debuginfo_frames(struct debuginfo *info, uint64_t addr, debug_sink sink, void *ctx)
{
	const struct place *place;
	uint64_t pc;
	size_t i;

	for (i = 0; i < info->nr; i++) {
		place = &info->places[i];
		/* The call is before the address that it returns to. */
		pc = addr - place->shift - 1;
		if (place->all && pc >= place->begin && pc < place->end)
			return dwarf_frames(info->mod, pc, sink, ctx);
	}
	return false;
}

void debuginfo_functions(struct debuginfo *info, debug_function sink, void *ctx)
{
	int nr = dwfl_module_getsymtab(info->mod), i;
	struct code code;

	for (i = 1; i < nr; i++)
		if (get_code(info, i, &code) && place_of(info, &code)->all)
			sink(ctx, code.name, code.addr + place_of(info, &code)->shift);
}

void debuginfo_close(struct debuginfo *info)
{
	if (!info)
		return;
	dwfl_end(info->dwfl);
	map_free(&info->names);
	free(info->places);
	free(info->module);
	free(info);
}
