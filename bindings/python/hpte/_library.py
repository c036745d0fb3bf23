# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Find the shared library and declare its functions."""
import ctypes as c
import functools
import os

from . import _abi as abi
from .constants import VERSION_MAJOR, VERSION_MINOR
from .errors import LibraryError

ENVIRONMENT = 'HPTE_LIBRARY'
NAME = f'libhpte.so.{VERSION_MAJOR}.{VERSION_MINOR}'

_P = c.POINTER
_U64, _UINT, _BOOL = c.c_uint64, c.c_uint, c.c_bool

# name: result, arguments
_FUNCTIONS: dict[str, tuple[object, list[object]]] = {
    'hpte_version_number': (_UINT, []),
    'hpte_entry_page': (c.c_int, [_U64, _U64, _P(abi.Page)]),
    'hpte_entry_page_bits': (c.c_int, [_UINT, _UINT, _P(_U64), _P(_U64)]),
    'hpte_entry_real': (_U64, [_U64, _UINT]),
    'hpte_entry_aligned': (_BOOL, [_U64, _P(abi.Page)]),
    'hpte_entry_to_300': (c.c_int, [_P(abi.Hpte), _P(abi.Hpte)]),
    'hpte_entry_from_300': (c.c_int, [_P(abi.Hpte), _P(abi.Hpte)]),
    'hpte_entry_key': (_UINT, [_U64]),
    'hpte_entry_rights': (_UINT, [_U64, _U64, _BOOL]),
    'hpte_entry_key_rights': (_UINT, [_UINT, _U64, _U64]),
    'hpte_hash_va': (c.c_int, [_U64, _U64, _P(abi.Va)]),
    'hpte_hash_primary': (_U64, [_P(abi.Va)]),
    'hpte_hash_group': (_U64, [_U64, _BOOL, _UINT]),
    'hpte_hash_dw0': (_U64, [_P(abi.Va)]),
    'hpte_hash_rebuild': (None, [_P(abi.Hpte), _P(abi.Page), _U64,
                                 _P(abi.Va)]),
    'hpte_hash_reachable': (_BOOL, [_P(abi.Hpte), _P(abi.Page), _U64,
                                    _UINT]),
    'hpte_hash_tlbie_rb': (_U64, [_P(abi.Hpte), _P(abi.Page), _U64]),
    'hpte_table_bytes': (_U64, [_UINT]),
    'hpte_table_side_bytes': (_U64, [_UINT, _UINT, _UINT]),
    'hpte_table_init': (c.c_int, [_P(abi.Table), _P(abi.TableConfig)]),
    'hpte_table_find': (c.c_int, [_P(abi.Table), _P(abi.Va), _UINT,
                                  _P(abi.View)]),
    'hpte_table_read': (c.c_int, [_P(abi.Table), _U64, _P(abi.View)]),
    'hpte_table_insert': (c.c_int, [_P(abi.Table), _U64, _UINT,
                                    _P(abi.Hpte), _P(abi.HostPage),
                                    _P(_U64)]),
    'hpte_table_remove': (c.c_int, [_P(abi.Table), _U64, _P(abi.Condition),
                                    _P(abi.Hpte)]),
    'hpte_table_reset': (None, [_P(abi.Table)]),
    'hpte_table_generation': (_U64, [_P(abi.Table)]),
    'hpte_table_order': (_UINT, [_P(abi.Table)]),
    'hpte_table_entries': (_U64, [_P(abi.Table)]),
    'hpte_table_protect': (c.c_int, [_P(abi.Table), _U64, _P(abi.Condition),
                                     _U64, _U64]),
    'hpte_table_clear': (c.c_int, [_P(abi.Table), _U64, _U64, _P(_U64)]),
    'hpte_table_promote': (c.c_int, [_P(abi.Table), _P(abi.View),
                                     _P(abi.HostPage)]),
    'hpte_table_demote': (c.c_int, [_P(abi.Table), _U64]),
    'hpte_table_set_rc': (c.c_int, [_P(abi.Table), _P(abi.View), _U64]),
    'hpte_hcall_init': (None, [_P(abi.Vm), _P(abi.Table)]),
    'hpte_hcall_dispatch': (c.c_int, [_P(abi.Vm), abi.Registers, _U64]),
    'hpte_xlate_access': (c.c_int, [_P(abi.Table), _P(abi.Access),
                                    _P(abi.Translation)]),
    'hpte_xlate_vrma': (_U64, [_UINT]),
    'hpte_xlate_map_vrma': (c.c_int, [_P(abi.Table), _U64, _UINT, _P(_U64)]),
    'hpte_xlate_map_segment': (c.c_int, [_P(abi.Table), _U64, _U64, _U64,
                                         _U64, _U64]),
    'hpte_xlate_fetch': (c.c_int, [_P(abi.Table), _P(abi.Access),
                                   c.c_uint32 * 2]),
    'hpte_table_counters': (c.c_int, [_P(abi.Table), _P(abi.Counters)]),
    'hpte_hcall_set_mmio': (None, [_P(abi.Vm), _P(abi.Mmio)]),
    'hpte_hcall_complete': (None, [_P(abi.Vm), abi.Registers, c.c_int,
                                   _U64]),
    'hpte_fault_init': (None, [_P(abi.Vcpu), _P(abi.Table)]),
    'hpte_fault_resolve': (None, [_P(abi.Vcpu), _P(abi.Fault),
                                  _P(abi.Outcome)]),
    'hpte_fault_complete': (None, [_P(abi.Vcpu), _P(abi.Outcome)]),
    'hpte_fault_forget': (None, [_P(abi.Table)]),
    'hpte_mmio_init': (None, [_P(abi.Mmio), _P(abi.MmioSlot), c.c_size_t]),
    'hpte_mmio_set_table': (None, [_P(abi.Mmio), _P(abi.Table)]),
    'hpte_mmio_add': (c.c_int, [_P(abi.Mmio), _P(abi.MmioRegion)]),
    'hpte_mmio_remove': (c.c_int, [_P(abi.Mmio), _U64]),
    'hpte_mmio_find': (c.c_int, [_P(abi.Mmio), _U64, _P(abi.MmioRegion)]),
    'hpte_mmio_dispatch': (c.c_int, [_P(abi.MmioRegion), _U64, _UINT, _BOOL,
                                     _BOOL, _P(_U64)]),
    'hpte_mmio_cpu_init': (None, [_P(abi.MmioCpu), _P(abi.Mmio), c.c_void_p,
                                  c.c_void_p]),
    'hpte_mmio_emulate': (c.c_int, [_P(abi.MmioCpu), _P(abi.Outcome),
                                    c.c_uint32 * 2]),
    'hpte_mmio_complete': (c.c_int, [_P(abi.MmioCpu), c.c_int, _U64]),
    'hpte_mmio_abort': (None, [_P(abi.MmioCpu)]),
}


def load(path: str) -> c.CDLL:
    """Load the library at a path, or by the name a loader knows."""
    try:
        library = c.CDLL(path)
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise LibraryError(
            f'{error}; set {ENVIRONMENT} to the path of a {NAME}, which '
            '"meson setup -Ddefault_library=both" installs and every build '
            'has in libhpte/') from None
    version = library.hpte_version_number()
    if version >> 8 != VERSION_MAJOR << 8 | VERSION_MINOR:
        raise LibraryError(
            f'{path} has version {version >> 16}.{version >> 8 & 255}, this '
            f'package is for {VERSION_MAJOR}.{VERSION_MINOR}')
    return library


@functools.lru_cache(maxsize=None)
def library() -> c.CDLL:
    """The library: $HPTE_LIBRARY, or else what the loader finds."""
    return load(os.environ.get(ENVIRONMENT) or NAME)
