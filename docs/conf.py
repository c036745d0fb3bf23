# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The guide: what Sphinx builds from the documents of this tree.

The source directory is the root of the tree, so that the links between
documents are the same there, in a browser of the repository and in the guide.
"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / 'docs/sphinx'))

project = 'libhpte'
version = release = (ROOT / 'VERSION').read_text().strip()
copyright = 'the authors of libhpte, GPL-2.0-or-later OR BSD-2-Clause'

extensions = ['myst_parser', 'c_header', 'links']
root_doc = 'docs/index'
include_patterns = ['docs/**', 'README.md', 'CHANGELOG.md',
                    'bench/README.md', 'bindings/**/README.md',
                    'examples/README.md', 'examples/**/README.md',
                    'tests/**/*.md']
exclude_patterns = ['build*', '.git']
myst_heading_anchors = 3
highlight_language = 'none'
primary_domain = 'c'
# Macros of env.h that stand before a declaration.
c_id_attributes = ['HPTE_API', 'HPTE_MUST_CHECK', 'HPTE_BITWISE']

html_theme = 'alabaster'
html_title = f'libhpte {release}'
html_theme_options = {
    'description': 'The POWER hashed page table, for hypervisors, kernels '
                   'and emulators',
    'page_width': '1240px',
    'sidebar_width': '240px',
    'fixed_sidebar': True,
}
html_static_path = ['sphinx/static']
html_css_files = ['guide.css']
html_extra_path = ['sphinx/top']
html_copy_source = False
html_show_sphinx = False
html_sidebars = {'**': ['about.html', 'searchbox.html', 'navigation.html']}
