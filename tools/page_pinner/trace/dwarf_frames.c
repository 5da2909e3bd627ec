// SPDX-License-Identifier: GPL-2.0
/*
 * What the compiler put into what; see dwarf_frames.h.
 */
#include "trace/dwarf_frames.h"

#include <stdlib.h>
#include <string.h>

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

/* Clang writes no table of which unit an address is in: ask each. */
static Dwarf_Die *find_unit(Dwfl_Module *mod, Dwarf_Addr pc, Dwarf_Addr *bias)
{
	Dwarf_Die *cu = dwfl_module_addrdie(mod, pc, bias);

	while (!cu && (cu = dwfl_module_nextcu(mod, cu, bias)))
		if (dwarf_haspc(cu, pc - *bias) > 0)
			return cu;
	return cu;
}

/* Sources as the kernel's developers call them. */
static const char *source_name(Dwarf_Die *cu, const char *file)
{
	Dwarf_Attribute attr;
	const char *dir = dwarf_formstring(dwarf_attr(cu, DW_AT_comp_dir, &attr));
	size_t len = dir ? strlen(dir) : 0;

	if (!file)
		return "";
	if (len && !strncmp(file, dir, len) && file[len] == '/')
		file += len + 1;
	/* built beside the sources */
	while (!strncmp(file, "./", 2) || !strncmp(file, "../", 3))
		file = strchr(file, '/') + 1;
	return file;
}

/* Where the function of @die was called from, which is in the next frame. */
static void go_to_caller(Dwarf_Die *cu, Dwarf_Die *die, struct debug_frame *frame)
{
	Dwarf_Word file = 0, line = 0;
	Dwarf_Attribute attr;
	Dwarf_Files *files;
	size_t nr;

	frame->file = "";
	frame->line = 0;
	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attr), &file) ||
	    dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &attr), &line) ||
	    dwarf_getsrcfiles(cu, &files, &nr) || file >= nr)
		return;
	frame->file = source_name(cu, dwarf_filesrc(files, file, NULL, NULL));
	frame->line = line;
}

static bool walk(Dwarf_Die *cu, Dwarf_Die *scopes, int nr, struct debug_frame *frame,
		 debug_sink sink, void *ctx)
{
	int i;

	for (i = 0; i < nr; i++) {
		int tag = dwarf_tag(&scopes[i]);

		if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
			continue;
		frame->function = dwarf_diename(&scopes[i]);
		frame->inlined = tag == DW_TAG_inlined_subroutine;
		if (!frame->function)
			frame->function = "?";
		sink(ctx, frame);
		if (!frame->inlined)
			return true;
		go_to_caller(cu, &scopes[i], frame);
	}
	return false;
}

bool dwarf_frames(struct Dwfl_Module *mod, uint64_t pc, debug_sink sink, void *ctx)
{
	Dwarf_Die *inner = NULL, *scopes = NULL, *cu;
	struct debug_frame frame = { .file = "" };
	Dwarf_Line *line;
	Dwarf_Addr bias;
	bool found = false;
	int nr;

	cu = find_unit(mod, pc, &bias);
	if (!cu)
		return false;
	line = dwarf_getsrc_die(cu, pc - bias);
	if (line) {
		int number = 0;

		frame.file = source_name(cu, dwarf_linesrc(line, NULL, NULL));
		dwarf_lineno(line, &number);
		frame.line = number;
	}
	/* Beyond an inlined function the first call goes on where that is defined. */
	if (dwarf_getscopes(cu, pc - bias, &inner) > 0) {
		nr = dwarf_getscopes_die(inner, &scopes);
		found = walk(cu, scopes, nr, &frame, sink, ctx);
	}
	free(inner);
	free(scopes);
	return found;
}
