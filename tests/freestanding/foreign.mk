# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# How a project with its own makefile compiles the library: it reads the list
# of sources, and needs no other knowledge of the tree.
#
# usage: make -f foreign.mk HPTE=tree OUT=directory CC=... CPPFLAGS=...

objects := $(patsubst %.c,$(OUT)/%.o,$(shell cat $(HPTE)/libhpte/sources.list))

$(OUT)/libhpte.a: $(objects)
	$(AR) rcs $@ $^

$(OUT)/%.o: $(HPTE)/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -O2 -ffreestanding -I$(HPTE) -I$(HPTE)/include \
		$(CPPFLAGS) -c $< -o $@
