"""The wordings of the three purposes on one sheet or screen: what all of them say stands once."""
import re
from html import escape

from lxml import html
from markupsafe import Markup

# Where a line must not end: before the number of an article, paragraph or section.
UNBREAKABLE = re.compile(r'((?:Art|Abs|Nr)\.|§|\d) (?=\d|Abs\.|Nr\.)')

BLOCKS = {
    'address', 'blockquote', 'div', 'dl', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'ol', 'p',
    'pre', 'section', 'table', 'ul'}


def arrange(texts):
    """Return the wordings without what they share, and what they share.

    :param dict texts: HTML by purpose, of all purposes, also of those that are not shown
    :return: `({purpose: Markup}, Markup)`; shared is usually the right to withdraw
    """
    parts = {purpose: split(text) for purpose, text in texts.items()}
    first = next(iter(parts.values()))
    shared = [part for part in first if all(part in own for own in parts.values())]
    return {
        purpose: _join(part for part in own if part not in shared)
        for purpose, own in parts.items()}, _join(shared)


def split(text):
    """Return the paragraphs of a wording, and what stands between them as paragraphs too."""
    if not text:
        return []
    root = html.fragment_fromstring(text, create_parent='div')
    parts, between = [], escape(root.text or '', quote=False)
    for part in root:
        whole = html.tostring(part, encoding='unicode', with_tail=False)
        if part.tag in BLOCKS:
            parts += [_make_paragraph(between), whole]
            between = ''
        else:
            between += whole
        between += escape(part.tail or '', quote=False)
    return [*filter(None, (*parts, _make_paragraph(between)))]


def _make_paragraph(text):
    return f'<p>{text}</p>' if text.strip() else ''


def _join(paragraphs):
    return Markup(UNBREAKABLE.sub('\\1\N{NO-BREAK SPACE}', ''.join(paragraphs)))
