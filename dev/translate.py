"""Bring de.po in line with dsgvo.pot: `translate.py FOLDER`, called by dev/translate."""
import difflib
import sys
from pathlib import Path

import polib

HEADER = {
    'Project-Id-Version': "Odoo Server 19.0",
    'MIME-Version': "1.0",
    'Content-Type': "text/plain; charset=UTF-8",
    'Content-Transfer-Encoding': "8bit",
}
GERMAN = {'Language': "de", 'Plural-Forms': "nplurals=2; plural=(n != 1);"}


def translate(entry, known, former):
    """Give the entry its translation, or as fuzzy the one of the text that it was before."""
    if same := known.get(entry.msgid):
        entry.msgstr, entry.flags, entry.previous_msgid = (
            same.msgstr, same.flags, same.previous_msgid)
    elif similar := difflib.get_close_matches(entry.msgid, former, n=1, cutoff=0.75):
        entry.msgstr = known[similar[0]].msgstr
        entry.previous_msgid = similar[0]
        entry.flags = ['fuzzy']


def main(folder):
    template = polib.pofile(folder / 'dsgvo.pot')
    # Without the date of the export, which would change the file although no text has changed.
    template.metadata = HEADER
    template.save()

    path = folder / 'de.po'
    known = {entry.msgid: entry for entry in polib.pofile(path) if entry.msgstr}
    former = known.keys() - {entry.msgid for entry in template}
    template.metadata = HEADER | GERMAN
    for entry in template:
        translate(entry, known, former)
    template.save(path)

    missing = [entry for entry in template if not entry.msgstr or 'fuzzy' in entry.flags]
    for entry in missing:
        print(f"needs German: {entry.msgid!r}")
    print(f"{len(template)} texts, {len(missing)} of them need German in i18n/de.po")
    return bool(missing)


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1])))
