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

fragments := tests/guest/kernel.config tests/guest/pinner.config
slow := 1
ifeq ($(FLAVOR),debug)
fragments += tests/guest/debug.config
slow := 20
else ifeq ($(FLAVOR),page_ref)
fragments += tests/guest/page_ref.config
else ifneq ($(FLAVOR),release)
$(error FLAVOR=$(FLAVOR): none of release, debug, page_ref)
endif

stage = scripts/stage.sh $(1) build/log/$(2).log
run_guest = tests/guest/run.sh -a $(ARCH) -k $(image) -i $(initramfs)

.PHONY: all help deps tools tree kernel print-kernel initramfs modules \
	apply revert series demo check guest-test install readme \
	scenarios scenario-table volume clean

all: help

help:
	@echo 'make demo           from nothing to a report that names the holders'
	@echo 'make check          every gating test'
	@echo 'make tools          tools/page_pinner/page_pinner alone'
	@echo 'make install        tool, man page, completion; PREFIX=, DESTDIR='
	@echo 'make apply KDIR=    put the feature into your kernel tree'
	@echo 'make revert KDIR=   take it out again'
	@echo 'make series OUT=    the change as patches for git am; K='
	@echo 'make kernel         the guest kernel; K=, ARCH=, FLAVOR=release|debug'
	@echo 'make print-kernel   the path of its image'
	@echo 'make guest-test T=  run single tests of tests/guest/test.d'
	@echo 'make scenarios      all known holders, and whether the report names them'
	@echo 'make volume         the same beside DEBUG_PAGE_REF: how many events each logs'
	@echo 'make deps           install the Debian packages that are missing'
	@echo 'make clean          remove build/'
	@echo
	@echo 'Kernels (K): $(notdir $(patsubst %/,%,$(dir $(wildcard patches/*/series)))); architecture (ARCH): x86_64'

deps:
	@scripts/deps.sh

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
		scripts/kernel.sh -a $(ARCH) $(tree) $(out) $(fragments)

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

# The demo does without the test modules: fewer things that can break.
demo: deps
	@$(call stage,"tools/page_pinner",tools) $(MAKE) tools
	@$(MAKE) --no-print-directory kernel
	@tests/guest/initramfs.sh build/guest/initramfs-demo.gz
	@scripts/demo.sh $(image) build/guest/initramfs-demo.gz build/demo

check: deps
	@scripts/check.sh

readme: demo
	@scripts/readme.sh build/demo/report.txt README.md

scenarios: deps tools initramfs
	@scripts/scenarios.sh

scenario-table: scenarios
	@scripts/scenario_table.sh build/scenarios/$(K)/table.md README.md \
		Documentation/mm/page_pinner.rst

# With a kernel of its own, which takes minutes to build: not part of make check.
volume: deps tools
	@$(MAKE) --no-print-directory FLAVOR=page_ref initramfs
	@scripts/scenarios.sh -o build/scenarios/$(K)-page_ref \
		-k "$$($(MAKE) -s print-kernel FLAVOR=page_ref)" \
		-i build/guest/initramfs-$(K)-$(ARCH)-page_ref.gz

clean:
	rm -rf build
	@test ! -f tools/page_pinner/Makefile || $(MAKE) -C tools/page_pinner clean
