# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The storage access instructions of Power ISA 3.1, by mnemonic.

Written from the instruction descriptions, not from libhpte's opcode tables:
there is no opcode in it.  What an opcode means says the disassembler.

One line an instruction: mnemonic, kind, register file, layout, bytes of
storage, bytes of one bus access at most, flags, operands as the disassembler
prints them, and what bit 31 is.

Operands: T the register, A the base (0 for no register), B the index, d the
displacement, n bits 16:20 as a number, N the same with 0 for 32, L bits 6:10
as a number, l bit 10, E bit 31, R bit 11 of the prefix, and h the
displacement of hashst and its kin.

Bit 31 (column "31"): "/" reserved, "1" always one, "T" the high bit of the
register's number, "-" belongs to something else.
"""
import dataclasses

KINDS = ['none', 'load', 'store', 'cache', 'zero', 'special', 'privileged']
BANKS = ['gpr', 'fpr', 'vr', 'vsr', 'vsvr']
LAYOUTS = ['whole', 'single', 'multiple', 'string', 'pair', 'element',
           'elements', 'splat', 'right', 'length', 'left']
UPDATE, ALGEBRAIC, REVERSED, INDEXED = 0x01, 0x02, 0x04, 0x08
RELATIVE, ALIGNED, INVALID, IS_STORE = 0x10, 0x20, 0x40, 0x80
FLAGS = {'u': UPDATE, 's': ALGEBRAIC, 'r': REVERSED, 'a': ALIGNED,
         'w': IS_STORE}

TABLE = '''
# mnemonic kind    bank layout   bytes part flags operands 31

lbz      load    gpr  whole    1  1 -   T,d(A)  -
lbzu     load    gpr  whole    1  1 u   T,d(A)  -
lbzx     load    gpr  whole    1  1 -   T,A,B   /
lbzux    load    gpr  whole    1  1 u   T,A,B   /
lhz      load    gpr  whole    2  2 -   T,d(A)  -
lhzu     load    gpr  whole    2  2 u   T,d(A)  -
lhzx     load    gpr  whole    2  2 -   T,A,B   /
lhzux    load    gpr  whole    2  2 u   T,A,B   /
lha      load    gpr  whole    2  2 s   T,d(A)  -
lhau     load    gpr  whole    2  2 us  T,d(A)  -
lhax     load    gpr  whole    2  2 s   T,A,B   /
lhaux    load    gpr  whole    2  2 us  T,A,B   /
lhbrx    load    gpr  whole    2  2 r   T,A,B   /
lwz      load    gpr  whole    4  4 -   T,d(A)  -
lwzu     load    gpr  whole    4  4 u   T,d(A)  -
lwzx     load    gpr  whole    4  4 -   T,A,B   /
lwzux    load    gpr  whole    4  4 u   T,A,B   /
lwa      load    gpr  whole    4  4 s   T,d(A)  -
lwax     load    gpr  whole    4  4 s   T,A,B   /
lwaux    load    gpr  whole    4  4 us  T,A,B   /
lwbrx    load    gpr  whole    4  4 r   T,A,B   /
ld       load    gpr  whole    8  8 -   T,d(A)  -
ldu      load    gpr  whole    8  8 u   T,d(A)  -
ldx      load    gpr  whole    8  8 -   T,A,B   /
ldux     load    gpr  whole    8  8 u   T,A,B   /
ldbrx    load    gpr  whole    8  8 r   T,A,B   /
lq       load    gpr  pair    16  8 -   T,d(A)  -
lmw      load    gpr  multiple 0  4 -   T,d(A)  -
lswi     load    gpr  string   0  4 -   T,A,N   /
lswx     load    gpr  string   0  4 -   T,A,B   /
stb      store   gpr  whole    1  1 -   T,d(A)  -
stbu     store   gpr  whole    1  1 u   T,d(A)  -
stbx     store   gpr  whole    1  1 -   T,A,B   /
stbux    store   gpr  whole    1  1 u   T,A,B   /
sth      store   gpr  whole    2  2 -   T,d(A)  -
sthu     store   gpr  whole    2  2 u   T,d(A)  -
sthx     store   gpr  whole    2  2 -   T,A,B   /
sthux    store   gpr  whole    2  2 u   T,A,B   /
sthbrx   store   gpr  whole    2  2 r   T,A,B   /
stw      store   gpr  whole    4  4 -   T,d(A)  -
stwu     store   gpr  whole    4  4 u   T,d(A)  -
stwx     store   gpr  whole    4  4 -   T,A,B   /
stwux    store   gpr  whole    4  4 u   T,A,B   /
stwbrx   store   gpr  whole    4  4 r   T,A,B   /
std      store   gpr  whole    8  8 -   T,d(A)  -
stdu     store   gpr  whole    8  8 u   T,d(A)  -
stdx     store   gpr  whole    8  8 -   T,A,B   /
stdux    store   gpr  whole    8  8 u   T,A,B   /
stdbrx   store   gpr  whole    8  8 r   T,A,B   /
stq      store   gpr  pair    16  8 -   T,d(A)  -
stmw     store   gpr  multiple 0  4 -   T,d(A)  -
stswi    store   gpr  string   0  4 -   T,A,N   /
stswx    store   gpr  string   0  4 -   T,A,B   /

plbz     load    gpr  whole    1  1 -   T,d(A),R -
plhz     load    gpr  whole    2  2 -   T,d(A),R -
plha     load    gpr  whole    2  2 s   T,d(A),R -
plwz     load    gpr  whole    4  4 -   T,d(A),R -
plwa     load    gpr  whole    4  4 s   T,d(A),R -
pld      load    gpr  whole    8  8 -   T,d(A),R -
plq      load    gpr  pair    16  8 -   T,d(A),R -
pstb     store   gpr  whole    1  1 -   T,d(A),R -
psth     store   gpr  whole    2  2 -   T,d(A),R -
pstw     store   gpr  whole    4  4 -   T,d(A),R -
pstd     store   gpr  whole    8  8 -   T,d(A),R -
pstq     store   gpr  pair    16  8 -   T,d(A),R -

lfs      load    fpr  single   4  4 -   T,d(A)  -
lfsu     load    fpr  single   4  4 u   T,d(A)  -
lfsx     load    fpr  single   4  4 -   T,A,B   /
lfsux    load    fpr  single   4  4 u   T,A,B   /
lfd      load    fpr  whole    8  8 -   T,d(A)  -
lfdu     load    fpr  whole    8  8 u   T,d(A)  -
lfdx     load    fpr  whole    8  8 -   T,A,B   /
lfdux    load    fpr  whole    8  8 u   T,A,B   /
lfiwax   load    fpr  whole    4  4 s   T,A,B   /
lfiwzx   load    fpr  whole    4  4 -   T,A,B   /
lfdp     load    fpr  pair    16  8 -   T,d(A)  -
lfdpx    load    fpr  pair    16  8 -   T,A,B   /
stfs     store   fpr  single   4  4 -   T,d(A)  -
stfsu    store   fpr  single   4  4 u   T,d(A)  -
stfsx    store   fpr  single   4  4 -   T,A,B   /
stfsux   store   fpr  single   4  4 u   T,A,B   /
stfd     store   fpr  whole    8  8 -   T,d(A)  -
stfdu    store   fpr  whole    8  8 u   T,d(A)  -
stfdx    store   fpr  whole    8  8 -   T,A,B   /
stfdux   store   fpr  whole    8  8 u   T,A,B   /
stfiwx   store   fpr  whole    4  4 -   T,A,B   /
stfdp    store   fpr  pair    16  8 -   T,d(A)  -
stfdpx   store   fpr  pair    16  8 -   T,A,B   /
plfs     load    fpr  single   4  4 -   T,d(A),R -
plfd     load    fpr  whole    8  8 -   T,d(A),R -
pstfs    store   fpr  single   4  4 -   T,d(A),R -
pstfd    store   fpr  whole    8  8 -   T,d(A),R -

lvebx    load    vr   element  1  1 a   T,A,B   /
lvehx    load    vr   element  2  2 a   T,A,B   /
lvewx    load    vr   element  4  4 a   T,A,B   /
lvx      load    vr   whole   16  8 a   T,A,B   /
lvxl     load    vr   whole   16  8 a   T,A,B   /
stvebx   store   vr   element  1  1 a   T,A,B   /
stvehx   store   vr   element  2  2 a   T,A,B   /
stvewx   store   vr   element  4  4 a   T,A,B   /
stvx     store   vr   whole   16  8 a   T,A,B   /
stvxl    store   vr   whole   16  8 a   T,A,B   /

lxsd     load    vr   whole    8  8 -   T,d(A)  -
lxssp    load    vr   single   4  4 -   T,d(A)  -
lxv      load    vsvr whole   16  8 -   T,d(A)  -
lxvx     load    vsvr whole   16  8 -   T,A,B   T
lxvl     load    vsvr length   0  8 -   T,A,B   T
lxvll    load    vsvr left     0  8 -   T,A,B   T
lxsdx    load    vsr  whole    8  8 -   T,A,B   T
lxsiwax  load    vsr  whole    4  4 s   T,A,B   T
lxsiwzx  load    vsr  whole    4  4 -   T,A,B   T
lxsspx   load    vsr  single   4  4 -   T,A,B   T
lxsibzx  load    vsvr whole    1  1 -   T,A,B   T
lxsihzx  load    vsvr whole    2  2 -   T,A,B   T
lxvb16x  load    vsvr elements 16 1 -   T,A,B   T
lxvh8x   load    vsvr elements 16 2 -   T,A,B   T
lxvw4x   load    vsr  elements 16 4 -   T,A,B   T
lxvd2x   load    vsr  elements 16 8 -   T,A,B   T
lxvdsx   load    vsr  splat    8  8 -   T,A,B   T
lxvwsx   load    vsvr splat    4  4 -   T,A,B   T
lxvrbx   load    vsr  right    1  1 -   T,A,B   T
lxvrhx   load    vsr  right    2  2 -   T,A,B   T
lxvrwx   load    vsr  right    4  4 -   T,A,B   T
lxvrdx   load    vsr  right    8  8 -   T,A,B   T
lxvp     load    vsr  pair    32  8 -   T,d(A)  -
lxvpx    load    vsr  pair    32  8 -   T,A,B   /
stxsd    store   vr   whole    8  8 -   T,d(A)  -
stxssp   store   vr   single   4  4 -   T,d(A)  -
stxv     store   vsvr whole   16  8 -   T,d(A)  -
stxvx    store   vsvr whole   16  8 -   T,A,B   T
stxvl    store   vsvr length   0  8 -   T,A,B   T
stxvll   store   vsvr left     0  8 -   T,A,B   T
stxsdx   store   vsr  whole    8  8 -   T,A,B   T
stxsiwx  store   vsr  whole    4  4 -   T,A,B   T
stxsspx  store   vsr  single   4  4 -   T,A,B   T
stxsibx  store   vsvr whole    1  1 -   T,A,B   T
stxsihx  store   vsvr whole    2  2 -   T,A,B   T
stxvb16x store   vsvr elements 16 1 -   T,A,B   T
stxvh8x  store   vsvr elements 16 2 -   T,A,B   T
stxvw4x  store   vsr  elements 16 4 -   T,A,B   T
stxvd2x  store   vsr  elements 16 8 -   T,A,B   T
stxvrbx  store   vsr  right    1  1 -   T,A,B   T
stxvrhx  store   vsr  right    2  2 -   T,A,B   T
stxvrwx  store   vsr  right    4  4 -   T,A,B   T
stxvrdx  store   vsr  right    8  8 -   T,A,B   T
stxvp    store   vsr  pair    32  8 -   T,d(A)  -
stxvpx   store   vsr  pair    32  8 -   T,A,B   /
plxsd    load    vr   whole    8  8 -   T,d(A),R -
plxssp   load    vr   single   4  4 -   T,d(A),R -
plxv     load    vsvr whole   16  8 -   T,d(A),R -
plxvp    load    vsr  pair    32  8 -   T,d(A),R -
pstxsd   store   vr   whole    8  8 -   T,d(A),R -
pstxssp  store   vr   single   4  4 -   T,d(A),R -
pstxv    store   vsvr whole   16  8 -   T,d(A),R -
pstxvp   store   vsr  pair    32  8 -   T,d(A),R -

icbi     cache   gpr  whole    1  1 -   A,B     /
icbt     cache   gpr  whole    1  1 -   L,A,B   /
dcbi     cache   gpr  whole    1  1 -   A,B     /
dcbf     cache   gpr  whole    1  1 -   A,B,L   /
dcbst    cache   gpr  whole    1  1 -   A,B     /
dcbt     cache   gpr  whole    1  1 -   A,B,L   /
dcbtst   cache   gpr  whole    1  1 -   A,B,L   /
dcbz     zero    gpr  whole    1  1 w   A,B     /
dcbzl    zero    gpr  whole    1  1 w   A,B     /

lbarx    special gpr  whole    1  1 -   T,A,B,E -
lharx    special gpr  whole    2  2 -   T,A,B,E -
lwarx    special gpr  whole    4  4 -   T,A,B,E -
ldarx    special gpr  whole    8  8 -   T,A,B,E -
lqarx    special gpr  pair    16  8 -   T,A,B,E -
stbcx.   special gpr  whole    1  1 w   T,A,B   1
sthcx.   special gpr  whole    2  2 w   T,A,B   1
stwcx.   special gpr  whole    4  4 w   T,A,B   1
stdcx.   special gpr  whole    8  8 w   T,A,B   1
stqcx.   special gpr  pair    16  8 w   T,A,B   1
lwat     special gpr  whole    4  4 w   T,A,n   /
ldat     special gpr  whole    8  8 w   T,A,n   /
stwat    special gpr  whole    4  4 w   T,A,n   /
stdat    special gpr  whole    8  8 w   T,A,n   /
copy     special gpr  whole    1  1 -   A,B     /
paste.   special gpr  whole    1  1 w   A,B,l   1
hashst   special gpr  whole    8  8 w   B,h(A)  -
hashstp  special gpr  whole    8  8 w   B,h(A)  -
hashchk  special gpr  whole    8  8 -   B,h(A)  -
hashchkp special gpr  whole    8  8 -   B,h(A)  -
eciwx    special gpr  whole    4  4 -   T,A,B   /
ecowx    special gpr  whole    4  4 w   T,A,B   /

lbzcix   privileged gpr whole  1  1 -   T,A,B   /
lhzcix   privileged gpr whole  2  2 -   T,A,B   /
lwzcix   privileged gpr whole  4  4 -   T,A,B   /
ldcix    privileged gpr whole  8  8 -   T,A,B   /
stbcix   privileged gpr whole  1  1 w   T,A,B   /
sthcix   privileged gpr whole  2  2 w   T,A,B   /
stwcix   privileged gpr whole  4  4 w   T,A,B   /
stdcix   privileged gpr whole  8  8 w   T,A,B   /
'''

# What sounds like an access but is none to us, with the reason.
NO_ACCESS = {
    'dst': 'stream hint, not in ISA 3.1; never causes a storage interrupt',
    'dstt': 'stream hint, not in ISA 3.1; never causes a storage interrupt',
    'dstst': 'stream hint, not in ISA 3.1; never causes a storage interrupt',
    'dststt': 'stream hint, not in ISA 3.1; never causes a storage interrupt',
    'icswx': 'coprocessor request, not in ISA 3.1',
    'icswx.': 'coprocessor request, not in ISA 3.1',
    'pbt.': 'coprocessor request, not in ISA 3.1',
    'lvsl': 'computes a vector from the address, reads nothing',
    'lvsr': 'computes a vector from the address, reads nothing',
}


@dataclasses.dataclass
class Row:
    mnemonic: str
    kind: int
    bank: int
    layout: int
    size: int
    part: int
    flags: int
    operands: str
    bit31: str

    @property
    def indexed(self):
        """Is RB added?  Not where it is a length, or a value."""
        return 'B' in self.operands and 'h' not in self.operands and \
            LAYOUTS[self.layout] not in ('length', 'left')


def read():
    rows = {}
    for line in TABLE.splitlines():
        if not line or line.startswith('#'):
            continue
        name, kind, bank, layout, size, part, flags, operands, bit31 = \
            line.split()
        number = sum(FLAGS[c] for c in flags if c != '-')
        if kind == 'store':
            number |= IS_STORE
        row = Row(name, KINDS.index(kind), BANKS.index(bank),
                  LAYOUTS.index(layout), int(size), int(part), number,
                  operands, bit31)
        if row.indexed:
            row.flags |= INDEXED
        rows[name] = row
    return rows
