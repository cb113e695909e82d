"""What a document consists of before anybody prints it: plain values, which JSON can hold.

A part is a dict with its `type` and what this type needs. PDF, web page and DOCX print the same
parts, so they say the same.
"""
import re

GAP = "………………"  # what nobody entered yet
PLACEHOLDER = re.compile(r'{(\w+)}')
UNPRINTABLE = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')  # in XML


def letterhead(lines, logo):
    """Return what stands above a document.

    :param lines: those of the company; the first is its name
    :param str logo: the hash of the picture
    """
    return {'type': 'letterhead', 'lines': lines, 'logo': logo}


def heading(text, level=2):
    return {'type': 'heading', 'text': text, 'level': level}


def paragraph(text):
    return {'type': 'paragraph', 'text': text}


def article(text):
    """Return the line below a heading that names what demands it."""
    return {'type': 'article', 'text': text}


def bullets(items):
    return {'type': 'bullets', 'items': items}


def facts(rows):
    """Return a table of `(label, text)`, in which a text without words is a gap."""
    return {'type': 'facts', 'rows': [
        [label, text if text.strip() else GAP] for label, text in rows]}


def table(head, rows):
    return {'type': 'table', 'head': head, 'rows': [[cell or "–" for cell in row] for row in rows]}


def box(parts):
    """Return parts that stand apart from the rest, with a border."""
    return {'type': 'box', 'parts': parts}


def code(address, caption):
    """Return a QR code that leads to an address of the web."""
    return {'type': 'code', 'address': address, 'caption': caption}


def parse(text):
    """Return the parts of a text as the shop writes it.

    An empty line ends a paragraph, and a line with a dash in front is an item of a list. So what
    follows a list without an empty line is a paragraph of its own.
    """
    parts = []
    for chunk in re.split(r'\n\s*\n', text.strip()):
        runs = []
        for line in filter(None, map(str.strip, chunk.splitlines())):
            is_item = line.startswith("- ")
            if not runs or runs[-1][0] != is_item:
                runs.append((is_item, []))
            runs[-1][1].append(line[2:].strip() if is_item else line)
        parts += [bullets(run) if is_list else paragraph(" ".join(run)) for is_list, run in runs]
    return parts


def fill(text, values):
    """Return a text with `{names}` replaced; a known name without a value is a gap.

    Other braces stay, so that nothing a shop writes is an error.
    """
    return PLACEHOLDER.sub(
        lambda match: str(values[match[1]] or GAP) if match[1] in values else match[0], text)


def clean(value):
    """Return parts with spaces for the characters that no XML can hold."""
    if isinstance(value, dict):
        return {key: clean(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(inner) for inner in value]
    return UNPRINTABLE.sub(' ', value) if isinstance(value, str) else value


def flatten(parts):
    """Yield the parts, those in boxes one by one."""
    for part in parts:
        if part['type'] == 'box':
            yield from flatten(part['parts'])
        else:
            yield part
