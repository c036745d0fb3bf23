/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/plugin/qemu-plugin.h - what tlbie.c uses of QEMU's plugin
 * interface, version 4 and later (QEMU 10), and of GLib, which QEMU brings.
 *
 * Names and types only, so that the plugin is built where neither QEMU's nor
 * GLib's headers are installed.
 */
#ifndef QEMU_PLUGIN_H
#define QEMU_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLUGIN_EXPORT	__attribute__((visibility("default")))
#define PLUGIN_VERSION	4	/* QEMU refuses one that it does not have */
#define PLUGIN_READS	1	/* a callback that reads registers */

/* GLib's arrays: the part of them that is public. */
struct byte_array {
	uint8_t *data;
	unsigned int bytes;
};

struct descriptor_array {
	char *data;
	unsigned int count;
};

struct byte_array *g_byte_array_new(void);
struct byte_array *g_byte_array_set_size(struct byte_array *array,
					 unsigned int bytes);

struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_register;

struct descriptor {
	struct qemu_plugin_register *handle;
	const char *name;
	const char *feature;
};

typedef void exit_callback(uint64_t id, void *context);
typedef void block_callback(uint64_t id, struct qemu_plugin_tb *block);
typedef void execute_callback(unsigned int cpu, void *context);

void qemu_plugin_register_atexit_cb(uint64_t id, exit_callback *call,
				    void *context);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, block_callback *call);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    execute_callback *call, int flags,
					    void *context);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to,
			     size_t bytes);
struct descriptor_array *qemu_plugin_get_registers(void);
int qemu_plugin_read_register(struct qemu_plugin_register *handle,
			      struct byte_array *appended);
bool qemu_plugin_read_memory_vaddr(uint64_t address, struct byte_array *to,
				   size_t bytes);

#endif /* QEMU_PLUGIN_H */
