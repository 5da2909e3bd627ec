#!/usr/bin/env drgn
# SPDX-License-Identifier: GPL-2.0
"""
Open gets and marks of page_pinner, of a live kernel or of a core:

    drgn -c vmcore -s vmlinux page_pinner.py           # who holds what
    drgn -c vmcore -s vmlinux page_pinner.py --marks   # folios that are marked
    drgn -c vmcore -s vmlinux page_pinner.py | page_pinner holders -

The first prints the table of debugfs page_pinner/holders, but for age_ms: a core
does not say what time it is.  Debug information of mm/page_pinner_pool.c,
mm/page_pinner_mark.c and kernel/module/ is enough.
"""

import argparse
import struct
import sys

import drgn
from drgn import Object, sizeof
from drgn.helpers.linux.list import list_for_each_entry

# of enum page_pinner_origin
ORIGIN_BATCH = 1
CONTEXTS = ("task", "softirq", "hardirq", "nmi")
HEADING = ("pfn order refcount expected unexpected mapcount type flags refs record "
           "ctx pid comm since age_ms stack")


class Symbols:
    """Names of addresses, of modules too, whose symbols the kernel itself has."""

    def __init__(self, prog):
        self.prog = prog
        self.modules = []
        try:
            self.modules = list(list_for_each_entry(
                "struct module", prog["modules"].address_of_(), "list"))
        except (LookupError, drgn.FaultError):
            print("no debug information of modules: their functions stay addresses",
                  file=sys.stderr)
        self.tables = {}

    @staticmethod
    def _ranges(module):
        # one layout before 6.4, one for each kind of memory since
        if hasattr(module, "mem"):
            for mem in module.mem:
                yield mem.base.value_(), mem.size.value_()
        else:
            yield module.core_layout.base.value_(), module.core_layout.size.value_()

    def _module_of(self, addr):
        for module in self.modules:
            for base, size in self._ranges(module):
                if base <= addr < base + size:
                    return module
        return None

    def _table(self, module):
        """(address, size, name) of the module's functions, sorted."""
        name = module.name.string_().decode()
        if name not in self.tables:
            kallsyms = module.kallsyms
            strings = kallsyms.strtab.value_()
            table = []
            for i in range(kallsyms.num_symtab.value_()):
                sym = kallsyms.symtab[i]
                if sym.st_shndx.value_() and sym.st_value.value_():
                    table.append((sym.st_value.value_(), sym.st_size.value_(),
                                  strings + sym.st_name.value_()))
            self.tables[name] = sorted(table)
        return name, self.tables[name]

    def _in_module(self, addr):
        module = self._module_of(addr)
        if module is None:
            return None
        name, table = self._table(module)
        best = None
        for start, size, text in table:
            if start > addr:
                break
            symbol = Object(self.prog, "char *", text).string_().decode()
            if symbol and (not size or addr < start + size):
                best = start, size, symbol
        return (*best, name) if best else None

    def frame(self, addr):
        """name+0xoff/0xsize[module] of a return address."""
        # a call may be the last instruction of its function
        call = addr - 1
        found = self._in_module(call)
        if found is None:
            try:
                symbol = self.prog.symbol(call)
            except LookupError:
                return hex(addr)
            found = symbol.address, symbol.size, symbol.name, None
        start, size, name, module = found
        return "%s+%#x/%#x%s" % (name, addr - start, size, "[%s]" % module if module else "")


class Pages:
    """Page frames, and what their references are expected to be."""

    def __init__(self, prog):
        self.prog = prog
        try:
            base = prog["vmemmap"].value_()
        except LookupError:
            base = self._vmemmap_base()
        self.first = Object(prog, "struct page *", base)

    def _vmemmap_base(self):
        """Where x86-64 has its array of struct page."""
        try:
            # a variable where KASLR moves it
            addr = self.prog.symbol("vmemmap_base").address
            return struct.unpack("<Q", self.prog.read(addr, 8))[0]
        except LookupError:
            pass
        # else with 4 or with 5 levels of page tables: the one that is mapped
        some = sizeof(self.prog.type("struct page")) << 8
        for base in 0xffffea0000000000, 0xffd4000000000000:
            try:
                self.prog.read(base + some, 8)
                return base
            except drgn.FaultError:
                pass
        sys.exit("page_pinner.py: the array of struct page is not in the core")

    def _bit(self, name):
        return 1 << self.prog.constant(name).value_()

    def _hugetlb(self):
        try:
            return self.prog.constant("PGTY_hugetlb").value_()
        except LookupError:
            return None

    def _mapcount(self, folio, order, hugetlb, value):
        if order and hasattr(folio, "_large_mapcount"):
            return folio._large_mapcount.counter.value_() + 1
        return 0 if hugetlb else value + 1

    def sample(self, pfn):
        """What mm/page_pinner_ref.c says of a page; expected is None without a rule."""
        page = self.first + pfn
        folio = Object(self.prog, "struct folio *", page.value_())
        flags = page.flags.value_()
        mapping = page.mapping.value_()
        value = page._mapcount.counter.value_()
        # the type is in the upper byte, a mapcount of 2^24 less would be an error
        typed = value < -1 << 24
        hugetlb = typed and (value & 0xffffffff) >> 24 == self._hugetlb()
        order = 0
        if flags & self._bit("PG_head"):
            order = folio._flags_1.value_() & 0xff
        page_refs = page._refcount.counter.value_()
        mapcount = self._mapcount(folio, order, hugetlb, value)
        sample = {"refcount": page_refs, "order": order, "mapcount": mapcount,
                  "flags": flags & ((1 << self.prog.constant("__NR_PAGEFLAGS").value_()) - 1),
                  "type": "anon" if mapping & 1 else "file" if mapping else "none",
                  "expected": None}
        if page.compound_head.value_() & 1 or mapping & 3 == 2 or (typed and not hugetlb):
            return sample
        expected = mapcount
        swap = self._bit("PG_swapcache") | self._bit("PG_swapbacked")
        if flags & swap == swap:
            expected += 1 << order
        if not mapping & 1:
            if mapping:
                expected += 1 << order
            elif flags & self._bit("PG_reserved"):
                expected += 1
            if flags & self._bit("PG_private"):
                expected += 1
        sample["expected"] = expected
        return sample


def escaped(comm):
    """A name without blanks, backslashes and what is not printable."""
    text = "".join(chr(c) if 0x21 <= c <= 0x7e and c != 0x5c else "\\%03o" % c for c in comm)
    return text or "-"


def numbers(prog, address, nr):
    size = sizeof(prog.type("unsigned long"))
    return struct.unpack("<%d%s" % (nr, "Q" if size == 8 else "I"),
                         prog.read(address, nr * size))


def open_gets(prog):
    """Open gets by the PFN of their folio."""
    pool = prog["page_pinner_pool"]
    gets = {}
    if not pool.key:
        return gets
    # keys 0 and 1 are a free entry and one that is just being written
    for slot, key in enumerate(numbers(prog, pool.key.value_(), 1 << pool.bits.value_())):
        if key > 1:
            gets.setdefault((key >> 1) - 1, []).append(pool.holder[slot].read_())
    return gets


def is_batch(prog, holder):
    """Is it one of the batches of the LRU or of mlock?"""
    if not hasattr(holder, "origin"):
        return False
    try:
        batch = prog.constant("PAGE_PINNER_ORIGIN_BATCH").value_()
    except LookupError:
        # compilers leave out what no variable is of
        batch = ORIGIN_BATCH
    return holder.origin.value_() == batch


def refused(prog, pfn):
    """Did gets of this page, or of one hashed like it, find no room?"""
    pool = prog["page_pinner_pool"]
    if not hasattr(pool, "refused"):
        return False
    slot = (pfn * 0x61C8864680B583EB & (1 << 64) - 1) >> (64 - pool.bits.value_())
    words = pool.refused[slot // 64].value_()
    return bool(words >> slot % 64 & 1)


def stack_of(symbols, holder):
    frames = [symbols.frame(holder.stack[i].value_()) for i in range(holder.depth.value_())]
    # this feature's own are what it was called through, not who called
    while frames and frames[0].lstrip("_").startswith("page_pinner_"):
        frames.pop(0)
    return "<-".join(frames) or "-"


def rows_of(symbols, pages, pfn, gets):
    """The rows of one folio, as debugfs page_pinner/holders has them."""
    prog = pages.prog
    s = pages.sample(pfn)
    known = sum(holder.refs.value_() for holder in gets)
    # without a rule for its kind: as if these were all
    expected = s["expected"] if s["expected"] is not None else s["refcount"] - known
    unexpected = s["refcount"] - expected
    if unexpected <= 0:
        return
    folio = "%#x %d %d %d %d %d %s %#x" % (pfn, s["order"], s["refcount"], expected,
                                           unexpected, s["mapcount"], s["type"], s["flags"])
    for holder in gets:
        pid = holder.pid.value_()
        record = "batch" if is_batch(prog, holder) else \
            "held" if known <= unexpected else "one_of"
        start = holder.start_ns.value_()
        yield "%s %d %s %s %s %s %d.%06d - %s" % (
            folio, holder.refs.value_(), record, CONTEXTS[holder.ctx.value_() & 3],
            pid or "-", escaped(holder.comm.string_()) if pid else "-",
            start // 10**9, start % 10**9 // 1000, stack_of(symbols, holder))
    if known < unexpected:
        yield "%s %d %s - - - - - -" % (folio, unexpected - known,
                                        "refused" if refused(prog, pfn) else "unrecorded")


def print_holders(prog):
    symbols, pages = Symbols(prog), Pages(prog)
    rows = [row for pfn, gets in sorted(open_gets(prog).items())
            for row in rows_of(symbols, pages, pfn, gets)]
    # all or nothing: a heading alone would say that nothing is held
    print(HEADING)
    for row in rows:
        print(row)


def marks(prog):
    """Marks that are set, by the PFN of their folio."""
    table = prog["page_pinner_marks"]
    if not table:
        return {}
    slots = prog["page_pinner_slots"]
    size = 1 << 15
    used = numbers(prog, slots.value_(), size // 64)
    return {table[i].pfn.value_(): table[i].read_() for i in range(size)
            if used[i // 64] >> i % 64 & 1 and i}


def print_marks(prog):
    pages = Pages(prog)
    print("pfn order refcount expected mapcount type flags id reason since operations repeats")
    for pfn, mark in sorted(marks(prog).items()):
        s = pages.sample(pfn)
        seq = mark.seq.counter.value_()
        start = mark.start_ns.value_()
        try:
            reason = drgn.cast("enum page_pinner_reason", mark.reason)
            reason = reason.format_(type_name=False).replace("PAGE_PINNER_", "").lower()
        except LookupError:
            reason = str(mark.reason.value_())
        print("%#x" % pfn, s["order"], s["refcount"],
              "-" if s["expected"] is None else s["expected"], s["mapcount"], s["type"],
              "%#x" % s["flags"], seq >> 32, reason.strip("()"),
              "%d.%06d" % (start // 10**9, start % 10**9 // 1000), seq & 0xffffffff,
              sum(n.value_() for n in mark.repeats))


def main(prog):
    parser = argparse.ArgumentParser(description="open gets and marks of page_pinner")
    parser.add_argument("--marks", action="store_true", help="marked folios, not open gets")
    options = parser.parse_args()
    try:
        prog["page_pinner_pool"]
    except LookupError:
        sys.exit("page_pinner.py: no page_pinner in this kernel, or no debug information "
                 "of mm/page_pinner_pool.c: give the vmlinux with -s")
    if options.marks:
        print_marks(prog)
    else:
        print_holders(prog)


if __name__ == "__main__":
    main(prog)  # noqa: F821: drgn provides it
