#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Check the HTML guide.

usage: check-guide.py GUIDE ROOT
       check-guide.py --self-test

Links within the guide lead to a file and, where they name one, to an anchor
in it; an SVG drawing is well formed; each public function and structure of
ROOT has its entry in the reference.
"""
import html.parser
import pathlib
import re
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree

DECLARED = re.compile(r'\bHPTE_API\b[^;(]*?\b(hpte_\w+)\(|'
                      r'^struct (hpte_\w+) \{', re.M)


class Page(html.parser.HTMLParser):
    """Where a page leads, and its anchors."""

    def __init__(self, text):
        super().__init__()
        self.links = []
        self.anchors = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ('href', 'src') and value:
                self.links.append(value)
            elif name == 'id' or (tag == 'a' and name == 'name'):
                self.anchors.add(value)


def check_links(root, path, pages):
    problems = []
    for link in pages[path].links:
        parts = urllib.parse.urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = path
        if parts.path:
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve()
        if not target.is_file() or root not in target.parents:
            problems.append(f'{path.relative_to(root)}: link to {link}')
        elif parts.fragment and target in pages and \
                urllib.parse.unquote(parts.fragment) not in \
                pages[target].anchors:
            problems.append(f'{path.relative_to(root)}: no anchor {link}')
    return problems


def check_drawings(root):
    problems = []
    for path in sorted(root.rglob('*.svg')):
        try:
            xml.etree.ElementTree.parse(path)
        except xml.etree.ElementTree.ParseError as error:
            problems.append(f'{path.relative_to(root)}: {error}')
    return problems


def check(guide, root):
    guide = pathlib.Path(guide).resolve()
    pages = {path: Page(path.read_text(encoding='utf-8'))
             for path in sorted(guide.rglob('*.html'))}
    problems = [problem for path in pages
                for problem in check_links(guide, path, pages)]
    problems += check_drawings(guide)
    anchors = set().union(*(page.anchors for page in pages.values()))
    for header in sorted((pathlib.Path(root) / 'include/hpte').glob('*.h')):
        for names in DECLARED.findall(header.read_text()):
            name = names[0] or names[1]
            if f'c.{name}' not in anchors:
                problems.append(f'{header.name}: no entry for {name}')
    return problems if pages else ['no page']


HEADER = 'HPTE_API int hpte_x_y(void);\nstruct hpte_z {\n};\n'
ENTRIES = '<p id="c.hpte_x_y">x</p><p id="c.hpte_z">z</p>'
PLANTED = [
    # a page, a drawing, the complaint expected
    (ENTRIES + '<a href="a.html#c.hpte_z">z</a><a href="http://x/y">y</a>'
     '<img src="a.svg">', '<svg/>', ''),
    (ENTRIES + '<a href="b.html">b</a>', '<svg/>', 'link to b.html'),
    (ENTRIES + '<a href="../b.html">b</a>', '<svg/>', 'link to ../b.html'),
    (ENTRIES + '<a href="#b">b</a>', '<svg/>', 'no anchor #b'),
    (ENTRIES + '<img src="b.svg">', '<svg/>', 'link to b.svg'),
    (ENTRIES, '<svg>', 'a.svg: no element found'),
    ('<p id="c.hpte_z">z</p>', '<svg/>', 'no entry for hpte_x_y'),
    ('<p id="c.hpte_x_y">x</p>', '<svg/>', 'no entry for hpte_z'),
]


def self_test():
    failed = 0
    for page, drawing, expected in PLANTED:
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            (root / 'b.html').write_text('')
            (root / 'include/hpte').mkdir(parents=True)
            (root / 'include/hpte/x.h').write_text(HEADER)
            guide = root / 'guide'
            guide.mkdir()
            (guide / 'a.html').write_text(page)
            (guide / 'a.svg').write_text(drawing)
            problems = check(guide, root)
        good = [expected in p for p in problems] == [True] * bool(expected)
        print(f'{"as expected" if good else "WRONG"}: {page}: {problems}')
        failed += not good
    return failed


def main():
    if sys.argv[1:] == ['--self-test']:
        return 1 if self_test() else 0
    problems = check(*sys.argv[1:])
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
