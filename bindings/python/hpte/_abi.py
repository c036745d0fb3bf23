# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Structures and callbacks of the C headers.

`STRUCTURES` maps their C names to the classes; a test compares every size and
offset with what a C compiler says.
"""
import ctypes as c

# Every callback's first argument is the context, which closures replace.
CLASSIFY = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_uint64, c.c_uint,
                       c.POINTER(c.c_uint))
INVAL_BEGIN = c.CFUNCTYPE(c.c_uint64, c.c_void_p)
INVAL_RETRY = c.CFUNCTYPE(c.c_bool, c.c_void_p, c.c_uint64)
TLB_INVALIDATE = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(c.c_uint64),
                             c.c_uint, c.c_uint)
TLB_INVALIDATE_ALL = c.CFUNCTYPE(None, c.c_void_p)
MARK = c.CFUNCTYPE(None, c.c_void_p, c.c_uint64, c.c_uint64)
GUEST_READ = c.CFUNCTYPE(c.c_bool, c.c_void_p, c.c_uint64, c.c_void_p,
                         c.c_size_t)
GUEST_WRITE = c.CFUNCTYPE(c.c_bool, c.c_void_p, c.c_uint64, c.c_void_p,
                          c.c_uint64)
VCPUS_STOP = c.CFUNCTYPE(c.c_bool, c.c_void_p)
VCPUS_START = c.CFUNCTYPE(None, c.c_void_p)
VRMA_PAGE_SIZE = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_uint)
RELAX = c.CFUNCTYPE(None, c.c_void_p)


class Trace(c.Structure):
    _fields_ = [('id', c.c_uint32), ('reserved', c.c_uint32),
                ('args', c.c_uint64 * 4)]


class Counters(c.Structure):
    _fields_ = [('count', c.c_uint64 * 48)]


TRACE = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(Trace))


class HostPage(c.Structure):
    _fields_ = [('real', c.c_uint64), ('sequence', c.c_uint64),
                ('shift', c.c_uint8), ('writable', c.c_bool),
                ('reserved', c.c_uint8 * 6)]


class Memory(c.Structure):
    _fields_ = [('base', c.c_void_p), ('side', c.c_void_p)]


MAP_PAGE = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_uint64, c.c_uint, c.c_bool,
                       c.POINTER(HostPage))
HPT_ALLOC = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_uint, c.POINTER(Memory))
HPT_FREE = c.CFUNCTYPE(None, c.c_void_p, c.c_uint, c.POINTER(Memory))


class HostOps(c.Structure):
    _fields_ = [('ops_size', c.c_size_t), ('classify', CLASSIFY),
                ('map_page', MAP_PAGE), ('inval_begin', INVAL_BEGIN),
                ('inval_retry', INVAL_RETRY),
                ('tlb_invalidate', TLB_INVALIDATE),
                ('tlb_invalidate_all', TLB_INVALIDATE_ALL),
                ('mark_dirty', MARK), ('mark_young', MARK),
                ('guest_read', GUEST_READ), ('guest_write', GUEST_WRITE),
                ('icache_sync', MARK), ('hpt_alloc', HPT_ALLOC),
                ('hpt_free', HPT_FREE), ('vcpus_stop', VCPUS_STOP),
                ('vcpus_start', VCPUS_START),
                ('vrma_page_size', VRMA_PAGE_SIZE), ('relax', RELAX),
                ('trace', TRACE)]


class Caps(c.Structure):
    _fields_ = [('caps_size', c.c_uint32), ('isa', c.c_uint16),
                ('format', c.c_uint8), ('data_keys', c.c_uint8),
                ('insn_keys', c.c_uint8), ('page_pairs', c.c_uint8),
                ('order_max', c.c_uint8), ('pp0', c.c_bool),
                ('strict', c.c_bool), ('block', c.c_uint8 * 7),
                ('hcalls', c.c_uint64)]


class Hpte(c.Structure):
    _fields_ = [('dw0', c.c_uint64), ('dw1', c.c_uint64)]


class Page(c.Structure):
    _fields_ = [('base', c.c_uint8), ('actual', c.c_uint8),
                ('pair', c.c_uint8)]


class Va(c.Structure):
    _fields_ = [('vsid', c.c_uint64), ('offset', c.c_uint64),
                ('segment', c.c_uint8), ('base', c.c_uint8)]


class TableConfig(c.Structure):
    _fields_ = [('memory', Memory), ('order', c.c_uint), ('flags', c.c_uint),
                ('cpu', c.c_uint), ('shards', c.c_uint),
                ('caps', c.POINTER(Caps)), ('ops', c.POINTER(HostOps)),
                ('ctx', c.c_void_p), ('counters', c.POINTER(Counters))]


class Table(c.Structure):
    _fields_ = [('priv_base', c.c_void_p), ('priv_side', c.c_void_p),
                ('priv_group_mask', c.c_uint64), ('priv_order', c.c_uint16),
                ('priv_search', c.c_uint16), ('priv_flags', c.c_uint32),
                ('priv_entries', c.c_uint64),
                ('priv_caps', c.c_void_p),
                ('priv_ops', c.c_void_p), ('priv_ctx', c.c_void_p),
                ('priv_generation', c.c_uint64), ('priv_cursor', c.c_uint64),
                ('priv_counters', c.c_void_p), ('priv_shards', c.c_uint64)]


class View(c.Structure):
    _fields_ = [('index', c.c_uint64), ('guest', Hpte), ('page', Page),
                ('state', c.c_uint8), ('reserved', c.c_uint32),
                ('priv_dw0', c.c_uint64)]


class Condition(c.Structure):
    _fields_ = [('flags', c.c_uint), ('value', c.c_uint64)]


class Resize(c.Structure):
    _fields_ = [('priv_memory', Memory), ('priv_inert', c.c_uint64),
                ('priv_state', c.c_uint32), ('priv_order', c.c_uint32),
                ('priv_lock', c.c_uint64)]


class Vm(c.Structure):
    _fields_ = [('priv_table', c.POINTER(Table)), ('priv_mmio', c.c_void_p),
                ('priv_resize', Resize), ('priv_closed', c.c_uint64),
                ('priv_radix', c.c_uint64)]


class Access(c.Structure):
    _fields_ = [('ea', c.c_uint64), ('msr', c.c_uint64),
                ('descriptor', c.c_uint64), ('vrma', c.c_uint64),
                ('amr', c.c_uint64), ('iamr', c.c_uint64),
                ('kind', c.c_uint)]


class Translation(c.Structure):
    _fields_ = [('view', View), ('gpa', c.c_uint64), ('rights', c.c_uint)]


class Fault(c.Structure):
    _fields_ = [('access', Access), ('status', c.c_uint32),
                ('flags', c.c_uint32)]


class Outcome(c.Structure):
    _fields_ = [('action', c.c_uint32), ('bits', c.c_uint32),
                ('dar', c.c_uint64), ('gpa', c.c_uint64),
                ('is_store', c.c_bool), ('fetch_now', c.c_bool),
                ('shift', c.c_uint8), ('reserved', c.c_uint8 * 5),
                ('priv_access', Access), ('priv_view', View),
                ('priv_status', c.c_uint32), ('priv_reserved', c.c_uint32)]


class Cached(c.Structure):
    _fields_ = [('priv_view', View), ('priv_descriptor', c.c_uint64),
                ('priv_page', c.c_uint64), ('priv_generation', c.c_uint64),
                ('priv_valid', c.c_uint64)]


class Vcpu(c.Structure):
    _fields_ = [('priv_table', c.POINTER(Table)), ('priv_cache', Cached * 4),
                ('priv_next', c.c_uint64)]


class MmioAccess(c.Structure):
    _fields_ = [('offset', c.c_uint64), ('value', c.c_uint64),
                ('size', c.c_uint8), ('is_store', c.c_bool),
                ('reserved', c.c_uint8 * 6)]


# The context is the number of a device.
MMIO_ACCESS = c.CFUNCTYPE(c.c_int, c.c_void_p, c.POINTER(MmioAccess))


class MmioOps(c.Structure):
    _fields_ = [('ops_size', c.c_size_t), ('access', MMIO_ACCESS)]


class MmioRegion(c.Structure):
    _fields_ = [('start', c.c_uint64), ('bytes', c.c_uint64),
                ('size_mask', c.c_uint32), ('flags', c.c_uint32),
                ('ops', c.POINTER(MmioOps)), ('ctx', c.c_void_p)]


class MmioSlot(c.Structure):
    _fields_ = [('priv_sequence', c.c_uint64), ('priv_words', c.c_uint64 * 5)]


class Mmio(c.Structure):
    _fields_ = [('priv_slots', c.POINTER(MmioSlot)),
                ('priv_count', c.c_uint64), ('priv_lock', c.c_uint64),
                ('priv_table', c.POINTER(Table))]


class Interrupt(c.Structure):
    _fields_ = [('vector', c.c_uint32), ('dsisr', c.c_uint32),
                ('dar', c.c_uint64), ('srr1', c.c_uint64)]


class Insn(c.Structure):
    _fields_ = [('kind', c.c_uint8), ('bank', c.c_uint8),
                ('layout', c.c_uint8), ('flags', c.c_uint8),
                ('reg', c.c_uint8), ('ra', c.c_uint8), ('rb', c.c_uint8),
                ('length', c.c_uint8), ('size', c.c_uint8),
                ('part', c.c_uint8), ('reserved', c.c_uint8 * 6),
                ('displacement', c.c_int64)]


class MmioCpu(c.Structure):
    _fields_ = [('interrupt', Interrupt), ('reason', c.c_uint32),
                ('priv_state', c.c_uint32), ('priv_bus', c.POINTER(Mmio)),
                ('priv_regs', c.c_void_p), ('priv_ctx', c.c_void_p),
                ('priv_insn', Insn), ('priv_ea', c.c_uint64),
                ('priv_gpa', c.c_uint64), ('priv_msr', c.c_uint64),
                ('priv_region', MmioRegion), ('priv_bytes', c.c_uint32),
                ('priv_done', c.c_uint32), ('priv_data', c.c_uint8 * 128)]


Registers = c.c_uint64 * 32

STRUCTURES: dict[str, type[c.Structure]] = {
    'hpte_trace': Trace, 'hpte_counters': Counters,
    'hpte_host_page': HostPage, 'hpte_memory': Memory,
    'hpte_host_ops': HostOps, 'hpte_caps': Caps, 'hpte': Hpte,
    'hpte_page': Page, 'hpte_va': Va, 'hpte_table_config': TableConfig,
    'hpte_table': Table, 'hpte_view': View, 'hpte_condition': Condition,
    'hpte_resize': Resize, 'hpte_vm': Vm, 'hpte_access': Access,
    'hpte_translation': Translation, 'hpte_fault': Fault,
    'hpte_outcome': Outcome, 'hpte_cached': Cached, 'hpte_vcpu': Vcpu,
    'hpte_mmio_access': MmioAccess, 'hpte_mmio_ops': MmioOps,
    'hpte_mmio_region': MmioRegion, 'hpte_mmio_slot': MmioSlot,
    'hpte_mmio': Mmio, 'hpte_interrupt': Interrupt, 'hpte_insn': Insn,
    'hpte_mmio_cpu': MmioCpu,
}
