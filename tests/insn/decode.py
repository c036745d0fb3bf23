#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Compare libhpte's decoder with the disassembler of binutils.

usage: decode.py DECODE_DUMP

Over all primary opcodes, all extended opcodes of primary 31, all low bits of
the DS and DQ forms, and the prefixed space, each with many register patterns.
For every word the disassembler's mnemonic is looked up in access_table.py;
the operands that it prints must be those which the instruction's form, as
decoded here, has; and libhpte must say the same.  A word whose mnemonic is
not in that table must not be an access to libhpte either, and if the mnemonic
sounds like one, the reason must be in NO_ACCESS there.  docs/soundness.md
must name every instruction that is not simply emulated.

Words that the disassembler refuses but which differ from one that it knows
only in reserved or invalid fields are differences; each must have one of the
REASONS, and then libhpte must decode it as the instruction it nearly is.

Exit status 77, with a reason, without a disassembler for ppc64le.
"""
import collections
import os
import pathlib
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import access_table as table  # noqa: E402

OBJDUMP = 'powerpc64le-linux-gnu-objdump'
NOP = 0x60000000
PREFIX, EXTENDED = 1, 31
PREFIX_RESERVED = 0x006C0000	# bits 9:10 and 12:13
REFUSED = '.long', ''
# In ISA 3.1 and in libhpte, but to the disassembler not of POWER7 and later.
PHASED_OUT = 'lfdp', 'lfdpx', 'stfdp', 'stfdpx'
# How mnemonics of accesses begin.
ACCESS = re.compile(r'p?(l|st)|[di]cb|icsw|dst|pbt|copy|paste|hash|ec[io]wx')
SLOT = 16			# bytes per pair: the pair, then two nops
REASONS = {
    'reserved field': 'not zero; CPUs ignore it [ISA: Reserved Fields], the '
                      'disassembler does not',
    'bit 31': 'zero where the definition has a one; libhpte refuses both',
    'copy': 'bit 10 is zero, which ISA 3.0 gave another meaning; libhpte '
            'refuses both',
    'invalid form': 'libhpte decodes and marks it; the disassembler refuses',
    'lswx': 'the disassembler refuses RT=RA and RT=RB; to libhpte these are '
            'among the forms that depend on XER, refused when executed',
    'odd pair': 'invalid form; the disassembler prints the even register',
}


def signed(value, bits):
    sign = 1 << (bits - 1)
    return (value & (sign - 1)) - (value & sign)


def registers():
    """Fields RT, RA, RB: all RT, then all sorts of equality."""
    yield from ((rt, 4, 5) for rt in range(32))
    yield from ((0, 0, 0), (3, 3, 5), (3, 4, 3), (3, 5, 5), (6, 6, 6),
                (2, 0, 7), (31, 31, 31), (30, 31, 0), (29, 30, 31),
                (1, 0, 31), (7, 8, 0), (28, 2, 16))


def plain_words():
    """Every primary opcode but the prefix."""
    for primary in range(64):
        if primary == PREFIX:
            continue
        for number, (rt, ra, rb) in enumerate(registers()):
            fields = primary << 26 | rt << 21 | ra << 16
            if primary == EXTENDED:
                for low in range(2048):
                    yield fields | rb << 11 | low, NOP
                continue
            high = (0x0000, 0x7FF0, 0x8000, 0xFFF0)[number % 4]
            for low in range(16):
                yield fields | high | low, NOP


def prefixed_words():
    """All types; both subtypes, R and reserved bits; all suffixes."""
    fields = (0, 0x3FFFF, 0x20000, 0x1FFFF)
    for prefix in range(16):		# type, bit 8, R
        word = PREFIX << 26 | (prefix >> 2) << 24 | \
            (prefix >> 1 & 1) << 23 | (prefix & 1) << 20
        for primary in range(64):
            suffix = primary << 26
            for number, (rt, ra, rb) in enumerate(registers()):
                yield (word | fields[number % 4],
                       suffix | rt << 21 | ra << 16 | rb << 11 | number)
            for bit in (18, 19, 21, 22):
                yield word | 1 << bit, suffix | 3 << 21 | 0x8001
            for ra in (0, 1, 31):
                yield word | 0x12345, suffix | 4 << 21 | ra << 16 | 0xFFFC


def disassemble(words, directory):
    """For each pair what stands at its first word, as (mnemonic, rest)."""
    path = directory / 'words.bin'
    path.write_bytes(b''.join(struct.pack('<IIII', *pair, NOP, NOP)
                              for pair in words))
    found = run_objdump('power10', path, len(words))
    for index, text in enumerate(run_objdump('power6', path, len(words))):
        # there, lfdp and stfdp lack the two opcode bits that they have now
        if found[index] == REFUSED and text[0] in PHASED_OUT and \
                (words[index][0] >> 26 == EXTENDED or not words[index][0] & 3):
            found[index] = text
    return found


def run_objdump(dialect, path, count):
    output = subprocess.run(
        [OBJDUMP, '-D', '-z', '-b', 'binary', '-m', 'powerpc:common64', '-EL',
         '-M', f'{dialect},raw', '--no-show-raw-insn', str(path)],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    found = [REFUSED] * count
    for line in output.splitlines():
        match = re.match(r' *([0-9a-f]+):\t(\S+)\s*(\S*)', line)
        if match and int(match[1], 16) % SLOT == 0:
            found[int(match[1], 16) // SLOT] = \
                REFUSED if match[2] == '.long' else (match[2], match[3])
    return found


def decode(command, words, directory):
    path = directory / 'pairs.bin'
    path.write_bytes(b''.join(struct.pack('<II', *pair) for pair in words))
    output = subprocess.run(
        [*shlex.split(os.environ.get('MESON_EXE_WRAPPER', '')), command,
         str(path)], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [tuple(map(int, line.split())) for line in output.splitlines()]


def family(pair):
    """Words that differ in registers and reserved bits only."""
    primary = pair[0] >> 26
    if primary == PREFIX:
        return pair[0] & ~0x7FFFFF, pair[1] >> 26
    if primary == EXTENDED:
        extended = pair[0] >> 1 & 0x3FF
        # lxvx: its bit 25 is reserved
        return primary, 268 if extended == 300 else extended
    if primary in (57, 58, 62):
        return primary, pair[0] & 3
    if primary == 6:
        return primary, pair[0] & 15
    if primary == 61:
        return primary, pair[0] & (7 if pair[0] & 3 == 1 else 3)
    return primary, 0


def displacement(row, pair):
    word = pair[0]
    if 'R' in row.operands:
        return signed((pair[0] & 0x3FFFF) << 16 | (pair[1] & 0xFFFF), 34)
    if 'h' in row.operands:
        return -512 + 8 * ((word & 1) << 5 | (word >> 21 & 31))
    if 'd' not in row.operands:
        return 0
    if row.mnemonic in ('lq', 'lxv', 'stxv', 'lxvp', 'stxvp'):
        return signed(word & 0xFFF0, 16)		# DQ form
    if word >> 26 in (57, 58, 61, 62):
        return signed(word & 0xFFFC, 16)		# DS form
    return signed(word & 0xFFFF, 16)


def register(row, pair):
    """RT, RS, FRT, VRT, XT, XTp...: as libhpte numbers them."""
    word = pair[1] if 'R' in row.operands else pair[0]
    number = word >> 21 & 31
    bank, layout = table.BANKS[row.bank], table.LAYOUTS[row.layout]
    if bank == 'vr':
        return number + 32
    if bank in ('vsr', 'vsvr') and layout == 'pair':
        return (number & 30) + (number & 1) * 32
    if row.bit31 == 'T':
        return number + (word & 1) * 32
    if row.mnemonic in ('lxv', 'stxv'):
        return number + (word >> 3 & 1) * 32
    if row.mnemonic in ('plxv', 'pstxv'):
        return number + (word >> 26 & 1) * 32
    return number


def in_range(register, first, count):
    return (register - first) % 32 < count


def is_invalid(row, reg, ra, rb, relative):
    """The sentences "the instruction form is invalid" of [ISA]."""
    layout = table.LAYOUTS[row.layout]
    load = table.KINDS[row.kind] == 'load'
    gpr = table.BANKS[row.bank] == 'gpr'
    if relative and ra:
        return True
    if row.flags & table.UPDATE:
        return ra == 0 or load and gpr and ra == reg
    if layout == 'multiple':
        return load and ra >= reg
    if layout == 'string' and load:
        if row.indexed:
            return False	# depends on XER: not known to a decoder
        return in_range(ra, reg, ((rb or 32) + 3) // 4)
    if layout == 'pair' and table.BANKS[row.bank] != 'vsr':
        return bool(reg & 1) or load and gpr and ra == reg or \
            row.mnemonic == 'lqarx' and reg in (ra, rb)
    return False


def expected(row, pair):
    word = pair[1] if 'R' in row.operands else pair[0]
    reg = register(row, pair)
    ra, rb = word >> 16 & 31, word >> 11 & 31
    relative = 'R' in row.operands and pair[0] >> 20 & 1
    flags = row.flags
    if relative:
        flags |= table.RELATIVE
    if is_invalid(row, reg, ra, rb, relative):
        flags |= table.INVALID
    return (row.kind, row.bank, row.layout, row.size, row.part, flags, reg,
            ra, rb, 8 if 'R' in row.operands else 4, displacement(row, pair))


def compared(row, decoded):
    """Without what the instruction has no field for."""
    values = list(decoded)
    if 'T' not in row.operands:
        values[6] = None
    if not set('BnN') & set(row.operands):
        values[8] = None
    if table.KINDS[row.kind] not in ('load', 'store'):
        values[5] &= ~table.INVALID	# all of them are refused
    return values


def print_operands(row, pair):
    """As the disassembler prints them."""
    want = expected(row, pair)
    word = pair[1] if 'R' in row.operands else pair[0]
    bank = table.BANKS[row.bank]
    name = {'gpr': 'r', 'fpr': 'f', 'vr': 'v'}.get(bank, 'vs')
    ra, rb = want[7], want[8]
    values = {
        'T': f'{name}{want[6] - (32 if bank == "vr" else 0)}',
        'A': f'r{ra}' if ra or row.flags & table.UPDATE else '0',
        'B': f'r{rb}', 'n': str(rb), 'N': str(rb or 32),
        'd': str(want[10]), 'h': str(want[10]),
        'L': str(word >> 21 & 31), 'l': str(word >> 21 & 1),
        'E': str(word & 1), 'R': str(pair[0] >> 20 & 1),
    }
    return ''.join(values.get(c, c) for c in row.operands)


def reason(row, pair):
    """Why the disassembler may refuse a word of this family; or None."""
    word = pair[0]
    if 'R' in row.operands:
        if pair[0] & PREFIX_RESERVED:
            return 'reserved field'
    elif word >> 26 == EXTENDED:
        rt = word >> 21 & 31
        if row.bit31 == '/' and word & 1:
            return 'reserved field'
        if 'T' not in row.operands and rt and 'h' not in row.operands and \
                row.mnemonic not in ('dcbt', 'dcbtst', 'icbt', 'copy'):
            return 'reserved field'
        if row.mnemonic == 'copy':
            return 'reserved field' if rt & 30 else 'copy'
        if row.bit31 == '1' and not word & 1:
            return 'bit 31'
        if row.mnemonic == 'lxvx' and word >> 1 & 32:
            return 'reserved field'
        if row.mnemonic == 'lswx' and rt in (word >> 16 & 31, word >> 11 & 31):
            return 'lswx'
    elif word >> 26 == 56 and word & 15:
        return 'reserved field'
    if row.layout == table.LAYOUTS.index('pair') and \
            table.BANKS[row.bank] in ('gpr', 'fpr') and \
            register(row, pair) & 1:
        return 'odd pair'
    if expected(row, pair)[5] & table.INVALID:
        return 'invalid form'
    return None


class Comparison:
    def __init__(self, rows):
        self.rows = rows
        self.wrong = collections.Counter()
        self.examples = []
        self.agreed = collections.Counter()
        self.explained = collections.Counter()
        self.families = {}

    def learn(self, words, texts):
        """Which instruction each family is."""
        for pair, text in zip(words, texts):
            row = self.rows.get(text[0])
            if not row:
                continue
            known = self.families.setdefault(family(pair), row)
            if known is not row and \
                    {known.mnemonic, row.mnemonic} != {'dcbz', 'dcbzl'}:
                self.fail(pair, 'family', known.mnemonic, row.mnemonic)

    def fail(self, pair, what, want, have):
        self.wrong[what] += 1
        if self.wrong[what] <= 5:
            self.examples.append(f'{pair[0]:08x} {pair[1]:08x}: {what}: '
                                 f'expected {want}, is {have}')

    def compare(self, pair, text, decoded):
        mnemonic, operands = text
        row = self.rows.get(mnemonic)
        if row:
            printed = print_operands(row, pair)
            if printed == operands:
                self.agreed[mnemonic] += 1
            elif reason(row, pair) == 'odd pair':
                self.explained['odd pair'] += 1
            else:
                self.fail(pair, f'operands of {mnemonic}', operands, printed)
        elif text == REFUSED and family(pair) in self.families:
            row = self.families[family(pair)]
            why = reason(row, pair)
            if why:
                self.explained[why] += 1
            else:
                self.fail(pair, f'refused {row.mnemonic}', 'a reason', 'none')
        else:
            length = 8 if pair[0] >> 26 == PREFIX else 4
            self.agreed['no access'] += 1
            if ACCESS.match(mnemonic) and mnemonic not in table.NO_ACCESS:
                self.fail(pair, mnemonic, 'in a table', 'in none')
            if decoded[0] != 0 or decoded[9] != length:
                self.fail(pair, f'{mnemonic} is no access', 'NONE', decoded)
            return
        want = expected(row, pair)
        if compared(row, want) != compared(row, decoded):
            self.fail(pair, row.mnemonic, want, decoded)


def undocumented(rows):
    """Neither a load nor a store, and not in the table of the document."""
    path = pathlib.Path(__file__).parents[2] / 'docs/soundness.md'
    text = path.read_text().partition('## Instructions')[2]
    words = set(re.findall(r'[a-z]+\.?', text))
    return [name for name, row in rows.items()
            if table.KINDS[row.kind] not in ('load', 'store') and
            name not in words]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not shutil.which(OBJDUMP):
        print(f'SKIPPED: {OBJDUMP} is not installed '
              '(binutils-powerpc64le-linux-gnu)')
        return 77
    rows = table.read()
    words = [*plain_words(), *prefixed_words()]
    with tempfile.TemporaryDirectory() as scratch:
        directory = pathlib.Path(scratch)
        texts = disassemble(words, directory)
        decoded = decode(sys.argv[1], words, directory)
    if len(decoded) != len(words):
        sys.exit(f'{len(words)} words, but {len(decoded)} were decoded')
    result = Comparison(rows)
    result.learn(words, texts)
    for pair, text, values in zip(words, texts, decoded):
        result.compare(pair, text, values)
    for name in sorted(set(rows) - set(result.agreed)):
        result.fail((0, 0), f'{name} was never met', 'a word', 'none')
    for name in undocumented(rows):
        result.fail((0, 0), name, 'in docs/soundness.md', 'not there')
    print(f'{len(words)} words, {len(rows)} access instructions: '
          f'{sum(result.agreed.values()) - result.agreed["no access"]} '
          f'accesses and {result.agreed["no access"]} others agree')
    for why, count in sorted(result.explained.items()):
        print(f'  {count} explained, {why}: {REASONS[why]}')
    print('\n'.join(result.examples))
    print(f'{sum(result.wrong.values())} unexplained differences')
    return 1 if result.wrong else 0


if __name__ == '__main__':
    sys.exit(main())
