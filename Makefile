# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# A thin front: all work is meson's, and tools/ has the few steps around it.
#
#	make demo	build, and replay a recorded boot of a Linux kernel
#	make test	everything, in every configuration
#	make test-long	what make test has no time for
#	make matrix	units and the model: compilers x CPUs x sanitizers; CELLS=
#	make install	library, headers, hptctl, bindings, examples: PREFIX=/usr/local
#	make boot	boot Linux on examples/visor: MACHINE=powernv8|9|10
#			CPUS=1|2|4 STEAL=1 EAGER=1 KERNEL=vmlinux
#	make boot-all	all machines and numbers of CPUs, with and without STEAL
#	make docs	the guide: build/docs/index.html
#	make bench	the benchmarks, ten minutes; bench-quick: one
#	make prove	the codecs, for all inputs
#	make fuzz	fuzzers and emulated CPUs, for SECONDS=600
#	make coverage	what the tests reach
#	make sabotage	does the model test find faults
#	make explore	interleavings and weak memory, all suites
#	make mutation	does the explorer find seeded bugs
#	make system-mutation	does the self-test guest find seeded bugs
#	make mca	predicted cycles of a find and of the assembly for POWER
#	make stress	threads, natively and emulated, for SECONDS=60
#	make setup	install what these need (Debian)

BUILD	:= build/release

all: build

setup:
	@tools/setup.sh core

$(BUILD)/build.ninja: | setup
	meson setup --buildtype=release $(BUILD)

build: $(BUILD)/build.ninja
	@meson compile -C $(BUILD)

demo: build
	@tools/demo.sh $(BUILD)

test:
	@tools/setup.sh test
	@tools/run-tests.py

test-long:
	@tools/setup.sh test
	@tools/run-tests.py --long

# What a user of the library needs, built for it alone.
PREFIX	?= /usr/local
install:
	@tools/setup.sh core
	@tools/install.sh build/install $(abspath $(PREFIX))

# Longer than make test: every compiler for every CPU, without and with
# sanitizers.  CELLS chooses some, "clang-s390x-release".
matrix:
	@tools/setup.sh matrix
	@tools/run-tests.py --matrix $(CELLS)

# A directory of its own: it is configured with the cross compilers there.
BOOT	:= build/boot
BOOT_PROGRAMS := $(addprefix $(BOOT)/examples/visor/linux/,stress devmem uart)

$(BOOT)/build.ninja:
	@tools/setup.sh boot
	meson setup --buildtype=release $(BOOT)

boot boot-all: $(BOOT)/build.ninja
	@meson compile -C $(BOOT) examples/visor/visor.bin hptctl \
		$(BOOT_PROGRAMS:$(BOOT)/%=%)
	@examples/visor/boot.py --dump $(BOOT)/table.hpt \
		$(if $(filter boot-all,$@),--all --quiet --seconds 300) \
		$(if $(MACHINE),--machine $(MACHINE)) \
		$(if $(CPUS),--cpus $(CPUS)) $(if $(STEAL),--steal) \
		$(if $(EAGER),--eager) $(if $(KERNEL),--kernel $(KERNEL)) \
		$(BOOT)/examples/visor/visor.bin $(BOOT)/linux $(BOOT_PROGRAMS)

docs:
	@tools/setup.sh docs
	@tools/docs.sh build/docs

# Deeper than make test: the codecs for all inputs, by bounded model checking.
prove:
	@tests/prove/run.py && tests/prove/run.py --self-test

# The test of the model test: faults in everything it compares, all must be found.
sabotage:
	@tests/model/sabotage.py

# The interleaving explorer, deeper than in make test; does it find seeded bugs?
explore: build
	@meson compile -C $(BUILD) explore
	@$(BUILD)/tests/interleave/explore --deep

mutation:
	@tests/mutation/run.py

# The test of the guest that tests memory on the visor.
system-mutation:
	@tools/setup.sh test
	@tests/system/mutate.py

# Every damaged recording; then SECONDS over all targets and engines: fuzzers,
# and random instructions on emulated CPUs.
SECONDS	?= 600
fuzz: build
	@tools/setup.sh deep
	@HPTE_TEST_ALL=1 meson test -C $(BUILD) replay-damage
	@tests/fuzz/run.py $(SECONDS)

# Natively, under the thread sanitizer, and on emulated CPUs.
stress:
	@tools/setup.sh test
	@tests/stress/run.py $(if $(findstring command,$(origin SECONDS)),$(SECONDS),60)

coverage:
	@tools/setup.sh deep
	@tools/coverage.sh

mca:
	@tools/setup.sh deep
	@bench/mca/run.py

# What they compare with is found when the build is configured.
bench bench-quick: $(BUILD)/build.ninja
	@tools/setup.sh bench
	@meson setup --reconfigure --buildtype=release $(BUILD) >/dev/null
	@meson compile -C $(BUILD)
	@bench/run.py $(BUILD) $(if $(findstring quick,$@),quick,full)

clean:
	rm -rf build

.PHONY: all setup build demo test test-long install matrix boot boot-all docs prove sabotage \
	explore mutation system-mutation fuzz coverage stress mca bench bench-quick clean
