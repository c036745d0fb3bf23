# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The Sphinx directive c-header: a public header as a reference page.

A header is taken in its own order: its first comment as prose, each
documented declaration as an entry of the C domain, and what stands between
them, constants and enumerations with their comments, as it is.
"""
import pathlib
import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

# A comment that documents, and the declaration after it: up to a semicolon
# that no brace encloses, or an inline function's head.
ITEM = re.compile(r'/\*(\*\n| (?=(?:\w+\(\)|struct \w+) - ))(?P<comment>.*?)\*/\n'
                  r'(?P<code>(?:static inline [^{;]*(?=\n\{))|'
                  r'(?:(?:[^{};]|\{[^}]*\})*;))', re.S)
INLINE_BODY = re.compile(r'\n\{\n.*?^\}\n', re.S | re.M)
CONSTANT = re.compile(r'(?:^#define\s+|^\t|^enum )(HPTE_\w*[A-Z0-9]|hpte_\w+)\b',
                      re.M)
# A name of ours or of an argument; anything else, as little as that.
WORD = re.compile(r'(@\w+(?:->\w+)?|\b(?:hpte|HPTE)_\w*(?:\(\)|\*|::\w+)?)|'
                  r'((?:[^@\w]|@(?!\w)|\b(?!(?:hpte|HPTE)_)\w+|\w)+?)',
                  re.S)
GUARD = re.compile(r'#ifdef __cplusplus\n(?:extern "C" \{|\})\n#endif\n|'
                   r'#include ".*\n|#ifndef HPTE_\w+_H\n#define HPTE_\w+_H\n|'
                   r'#endif /\* HPTE_\w+_H \*/\n|struct \w+;.*\n')


def unstar(comment):
    """The text of a comment."""
    lines = [re.sub(r'^ \*(?: (?=\S))?', '', line)
             for line in comment.split('\n')]
    return '\n'.join(line.rstrip() for line in lines).strip('\n')


def escape(text):
    """Plain text as reStructuredText; names become literals."""
    out = []
    for name, other in WORD.findall(text):
        literal = name.lstrip('@')
        out.append(f'\\ ``{literal}``\\ ' if name else
                   re.sub(r'([\\*`_|])', r'\\\1', other))
    return ''.join(out)


def indent(lines):
    return ['   ' + line if line else '' for line in lines]


def literal(code):
    """A block of code; its tabs count from its own margin."""
    return ['.. code-block:: c', ''] + indent(code.expandtabs(8).split('\n'))


def rest(text):
    """Paragraphs; lines "TAB name TAB text" become a list of definitions."""
    out = []
    for line in text.split('\n'):
        term = re.fullmatch(r'\t(\S[^\t]*)\t+(.*)', line)
        if term:
            if out and out[-1] and not out[-1].startswith('    '):
                out.append('')
            out += [escape(term[1]), '    ' + escape(term[2])]
        elif line.startswith('\t'):
            out.append('    ' + escape(line.strip()))
        else:
            out.append(escape(line))
    return out + ['']


def split_arguments(text):
    """The description of each @name, and the text after them."""
    arguments = re.findall(r'^@(\w+):((?:.*\n?)(?:^\t.*\n?)*)', text, re.M)
    body = re.sub(r'^@\w+:.*\n?(?:^\t.*\n?)*', '', text, flags=re.M)
    return [(name, escape(' '.join(meaning.split())))
            for name, meaning in arguments], body.strip('\n')


def entry(comment, code):
    """One documented declaration."""
    head, _, text = unstar(comment).partition('\n')
    name, _, summary = head.strip().partition(' - ')
    arguments, body = split_arguments(text)
    end = '' if summary[-1:] in '.?' else '.'
    out = [escape(summary[:1].upper() + summary[1:]) + end, '']
    if name.startswith('struct '):
        out = [f'.. c:struct:: {name.split()[1]}', ''] + indent(
            out + literal(code) + [''] +
            [line for argument, meaning in arguments
             for line in (f'``{argument}``', '    ' + meaning)])
    else:
        declaration = re.sub(r'\b(HPTE_API|HPTE_MUST_CHECK|static inline)\s+',
                             '', code)
        declaration = ' '.join(declaration.split()).strip(' ;')
        out = [f'.. c:function:: {declaration}', ''] + indent(
            out + [f':argument {argument}: {meaning}'
                   for argument, meaning in arguments])
    text = [re.sub(r'^Return:', '**Return:**', line) for line in rest(body)]
    return out + [''] + indent(text)


def constants(text, seen):
    """What stands between the documented declarations."""
    text = GUARD.sub('', text).strip('\n')
    text = re.sub(r'\n{3,}', '\n\n', text)
    if not text:
        return []
    targets = set(CONSTANT.findall(text)) - seen
    seen |= targets
    out = [line for target in sorted(targets)
           for line in (f'.. _{target}:', '')]
    return out + literal(text) + ['']


def page(text, seen):
    """A header as reStructuredText."""
    text = text.split('\n', 1)[1]           # the licence line
    about = re.match(r'/\*\n(.*?)\*/\n', text, re.S)
    prose = unstar(about[1]).split('\n', 1)[1]
    out = rest(prose.strip('\n'))
    text = text[about.end():]
    at = 0
    for item in ITEM.finditer(text):
        out += constants(text[at:item.start()], seen)
        out += entry(item['comment'], item['code'])
        at = item.end()
        body = INLINE_BODY.match(text, at)
        at = body.end() if body else at
    return out + constants(text[at:], seen)


class CHeader(SphinxDirective):
    """``.. c-header:: include/hpte/NAME.h``, from the root of the tree."""
    required_arguments = 1

    def run(self):
        name, path = self.env.relfn2path('/' + self.arguments[0])
        self.env.note_dependency(name)
        lines = page(pathlib.Path(path).read_text(),
                     self.env.temp_data.setdefault('c-header', set()))
        container = nodes.container()
        container.document = self.state.document
        self.state.nested_parse(
            StringList(lines, source=self.arguments[0]), 0, container)
        return container.children


def setup(app):
    app.add_directive('c-header', CHeader)
    return {'parallel_read_safe': True}
