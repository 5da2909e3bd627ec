# SPDX-License-Identifier: GPL-2.0
#
# page_pinner: who holds the page that cannot be migrated?  See README.md.
# All that is built goes to build/; the scripts do the work and can be used
# on their own, each knows -h.

K ?= 6.12
ARCH ?= x86_64
FLAVOR ?= release

src := build/src
pristine := $(src)/linux-$(K)
tree := $(src)/linux-$(K)-pinner
out := out-$(ARCH)-$(FLAVOR)
image_x86_64 := arch/x86/boot/bzImage
image_arm64 := arch/arm64/boot/Image
image := $(tree)/$(out)/$(image_$(ARCH))
initramfs := build/guest/initramfs-$(K)-$(ARCH)-$(FLAVOR).gz

# The same feature as other compilers and configurations make it.
flavors := release size clang sections page_ref debug
# and one for a single test, with notes and debug information for a core
ifeq ($(filter $(FLAVOR),$(flavors) vmcore),)
$(error FLAVOR=$(FLAVOR): none of $(flavors) vmcore)
endif
fragments := tests/guest/kernel.config tests/guest/pinner.config
slow := 1
ifneq ($(FLAVOR),release)
fragments += tests/guest/$(FLAVOR).config
endif
ifeq ($(FLAVOR),debug)
slow := 20
else ifeq ($(FLAVOR),clang)
LLVM ?= -19
else ifeq ($(FLAVOR),vmcore)
# what readers of a core have to know: the pool, marks, pages and modules
debug_objects := page_pinner_pool page_pinner_mark main kallsyms
endif

stage = scripts/stage.sh $(1) build/log/$(2).log
run_guest = tests/guest/run.sh -a $(ARCH) -k $(image) -i $(initramfs)

.PHONY: all help deps tools tree kernel print-kernel initramfs modules \
	apply revert series demo check guest-test install readme \
	scenarios results volume bench bench-kernel bench-tool core-test core-guest check-all print-flavors clean

all: help

help:
	@echo 'make demo           from nothing to a report that names the holders'
	@echo 'make check          every gating test'
	@echo 'make check-all      the same on all flavors, and the long runs: hours'
	@echo 'make tools          tools/page_pinner/page_pinner alone'
	@echo 'make install        tool, man page, completion, plugin of trace-cmd; PREFIX=, DESTDIR='
	@echo 'make apply KDIR=    put the feature into your kernel tree'
	@echo 'make revert KDIR=   take it out again'
	@echo 'make series OUT=    the change as patches for git am; K='
	@echo 'make kernel         the guest kernel; K=, ARCH=, FLAVOR='
	@echo 'make print-kernel   the path of its image'
	@echo 'make guest-test T=  run single tests of tests/guest/test.d'
	@echo 'make core-test      a core of a guest, and whether drgn names who holds pages in it'
	@echo 'make scenarios      all known holders, and whether the report names them; FLAVOR=, S='
	@echo 'make results        the same, into the table tests/guest/scenarios/RESULTS.md; FLAVOR='
	@echo 'make volume         the same beside DEBUG_PAGE_REF: how many events each logs'
	@echo 'make bench          both of the next two'
	@echo 'make bench-kernel   instructions and sizes: without it, in each of its states, beside'
	@echo '                    DEBUG_PAGE_REF and PAGE_OWNER; two kernels more are built'
	@echo 'make bench-tool     the post-processor beside its peers, on large recordings'
	@echo 'make deps           install the Debian packages that are missing'
	@echo 'make clean          remove build/'
	@echo
	@echo 'Flavors (FLAVOR): $(flavors)'
	@echo 'Kernels (K): $(notdir $(patsubst %/,%,$(dir $(wildcard patches/*/series)))); architecture (ARCH): x86_64'

deps:
	@scripts/deps.sh $(FLAVOR)

tools:
	@$(MAKE) -C tools/page_pinner

install:
	@$(MAKE) -C tools/page_pinner install

tree:
	@test -r $(pristine)/.unpacked || \
		$(call stage,"unpack linux-$(K)",unpack) \
		scripts/unpack.sh $(K) $(pristine)
	@scripts/tree.sh $(pristine) $(tree)
	@scripts/apply.sh $(tree)

kernel: tree
	@$(call stage,"kernel $(K) $(ARCH) $(FLAVOR)",kernel-$(K)-$(ARCH)-$(FLAVOR)) \
		scripts/kernel.sh -a $(ARCH) $(addprefix -l ,$(LLVM)) -g '$(debug_objects)' $(tree) $(out) $(fragments)

print-flavors:
	@echo $(flavors)

print-kernel:
	@echo $(abspath $(image))

modules: kernel
	@tests/guest/modules.sh -a $(ARCH) $(tree) $(out) build/guest/modules-$(K)-$(ARCH)-$(FLAVOR)

initramfs: modules
	@tests/guest/initramfs.sh -m build/guest/modules-$(K)-$(ARCH)-$(FLAVOR) $(initramfs)

apply:
	@test -n "$(KDIR)" || { echo 'usage: make apply KDIR=/path/to/linux' >&2; exit 2; }
	@scripts/apply.sh "$(KDIR)"

revert:
	@test -n "$(KDIR)" || { echo 'usage: make revert KDIR=/path/to/linux' >&2; exit 2; }
	@scripts/apply.sh --revert "$(KDIR)"

series:
	@test -n "$(OUT)" || { echo 'usage: make series K=$(K) OUT=directory' >&2; exit 2; }
	@test -r $(pristine)/.unpacked || \
		$(call stage,"unpack linux-$(K)",unpack) \
		scripts/unpack.sh $(K) $(pristine)
	@scripts/series.sh "$(K)" $(pristine) "$(OUT)"

guest-test: initramfs
	@test -n "$(T)" || { echo 'usage: make guest-test T="name..."' >&2; exit 2; }
	@tests/guest/run_all.sh -a $(ARCH) -k $(image) -i $(initramfs) -s $(slow) -o build/guest-test $(T)

# A kernel with notes for readers of cores, and debug information of four files.
core-test: tools
	@$(MAKE) --no-print-directory FLAVOR=vmcore core-guest

core-guest: initramfs
	@tests/guest/core.sh -k $(image) -v $(tree)/$(out)/vmlinux -i $(initramfs) -o build/core-test

# The demo does without the test modules: fewer things that can break.
demo: deps
	@$(call stage,"tools/page_pinner",tools) $(MAKE) tools
	@$(MAKE) --no-print-directory kernel
	@tests/guest/initramfs.sh build/guest/initramfs-demo.gz
	@scripts/demo.sh $(image) build/guest/initramfs-demo.gz build/demo

check: deps
	@scripts/deps.sh tests
	@scripts/check.sh

check-all: deps
	@scripts/deps.sh tests
	@scripts/check_all.sh

readme: demo
	@scripts/readme.sh build/demo/report.txt README.md

scenarios: deps tools initramfs
	@FLAVOR=$(FLAVOR) SLOW=$(slow) scripts/scenarios.sh $(S)

# The table is written whether all were right or not.
results: deps tools initramfs
	@rc=0; FLAVOR=$(FLAVOR) SLOW=$(slow) scripts/scenarios.sh -o build/results/$(FLAVOR) || rc=$$?; \
	scripts/results.sh tests/guest/scenarios/RESULTS.md $(FLAVOR) \
		build/results/$(FLAVOR)/table.md && exit $$rc

# With a kernel of its own, which takes minutes to build: not part of make check.
volume:
	@$(MAKE) --no-print-directory FLAVOR=page_ref scenarios

bench: bench-kernel bench-tool

# The same tree without the option, where nothing of the feature is in a kernel:
# with nothing in its place, and with what the kernel has of its own.
fragments_neighbours := tests/bench/neighbours.config
bench-kernel: deps initramfs bench-kernel-without bench-kernel-neighbours
	@tests/bench/kernel.sh $(abspath $(tree)/out-$(ARCH)-without) $(abspath $(tree)/$(out)) \
		$(abspath $(tree)/out-$(ARCH)-neighbours) $(abspath $(initramfs)) build/bench

bench-kernel-%: tree
	@$(call stage,"kernel $(K) $(ARCH) $*",kernel-$(K)-$(ARCH)-$*) \
		scripts/kernel.sh -a $(ARCH) $(tree) out-$(ARCH)-$* tests/guest/kernel.config $(fragments_$*)

bench-tool: deps tools
	@tests/bench/run.sh

clean:
	rm -rf build
	@test ! -f tools/page_pinner/Makefile || $(MAKE) -C tools/page_pinner clean
