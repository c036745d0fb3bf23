# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Links that documents do not write out: names of the reference in the text,
and directories, which a browser of the repository shows."""
import pathlib
import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

REFERENCE = 'docs/api/'
NAME = re.compile(r'(?:(?:struct|enum) )?((?:hpte|HPTE)_\w+)(?:\(\))?')


def names(env):
    """Where each name of the reference is: document, anchor."""
    found = {name: (document, anchor) for name, (document, anchor)
             in env.domains['std'].anonlabels.items()
             if document.startswith(REFERENCE)}
    for name, _, _, document, anchor, _ in env.domains['c'].get_objects():
        found.setdefault(name.lower(), (document, anchor))
    return found


class NamesBecomeLinks(SphinxPostTransform):
    """`hpte_table_find()` leads to the reference."""
    default_priority = 400

    def run(self, **kwargs):
        if self.app.builder.format != 'html':
            return
        known = names(self.env)
        for literal in list(self.document.findall(nodes.literal)):
            text = NAME.fullmatch(literal.astext())
            if not text or isinstance(literal.parent, nodes.reference):
                continue
            target = known.get(text[1].lower())
            if target:
                link = make_refnode(self.app.builder, self.env.docname,
                                    *target, literal.deepcopy())
                literal.replace_self(link)


class DirectoriesBecomeDocuments(SphinxPostTransform):
    """A link to a directory: to its README, to the reference, or none."""
    default_priority = 5    # before MyST looks for its own

    def run(self, **kwargs):
        root = pathlib.Path(self.env.srcdir)
        here = pathlib.Path(self.env.doc2path(self.env.docname)).parent
        for node in list(self.document.findall(addnodes.pending_xref)):
            path = (here / node['reftarget']).resolve()
            if node['reftype'] != 'myst' or not path.is_dir():
                continue
            document = path.relative_to(root).as_posix() + '/README'
            if path == root / 'include/hpte':
                document = REFERENCE + 'index'
            text = [child.deepcopy() for child in node.children]
            if document in self.env.found_docs:
                text = [make_refnode(self.app.builder, self.env.docname,
                                     document, '', text)]
            node.replace_self(text)


def orphans(app, doctree):
    """The table of contents lists no README; others link to them."""
    if not app.env.docname.startswith('docs/'):
        app.env.metadata[app.env.docname].setdefault('orphan', True)


def setup(app):
    app.add_post_transform(NamesBecomeLinks)
    app.add_post_transform(DirectoriesBecomeDocuments)
    app.connect('doctree-read', orphans)
    return {'parallel_read_safe': True}
