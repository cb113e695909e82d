import re
from functools import cached_property
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

ARROW = " → "
# Apps of which the manual names menus and buttons.
APPS = (
    'base', 'base_import', 'mail', 'mass_mailing', 'mass_mailing_sms', 'point_of_sale', 'pos_sale',
    'sale', 'sale_stock', 'sms', 'stock', 'web')


def slug(heading):
    """Return the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def unwrap(text):
    return " ".join(text.split())


class Page:
    """A page of the manual, as text and as what it links."""

    def __init__(self, path):
        self.path = path
        self.text = path.read_text()

    @cached_property
    def anchors(self):
        return {slug(heading) for heading in re.findall(r"^#+ (.+)$", self.text, re.M)}

    @property
    def links(self):
        """Return path and anchor of each link and picture into this repository."""
        targets = re.findall(r"\]\(([^)]+)\)", self.text)
        return [target.partition('#')[::2] for target in targets if '://' not in target]

    @property
    def bold(self):
        return {unwrap(words) for words in re.findall(r"\*\*(.+?)\*\*", self.text, re.S)}


@tagged('post_install', '-at_install')
class TestManual(TransactionCase):
    """The German manual says what the screen shows, and its links lead somewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = Path(file_path('dsgvo/docs/handbuch')).resolve()
        cls.pages = {path: Page(path) for path in sorted(folder.glob('*.md'))}

    def _wrong(self, is_wrong, things_of):
        return [f"{page.path.name}: {thing}" for page in self.pages.values()
                for thing in things_of(page) if is_wrong(page, thing)]

    def test_links_and_pictures_exist(self):
        def is_broken(page, link):
            path, anchor = link
            target = (page.path.parent / path).resolve() if path else page.path
            if not target.exists():
                return True
            return bool(anchor) and anchor not in self.pages[target].anchors

        self.assertFalse(self._wrong(is_broken, lambda page: page.links))

    def test_every_page_is_in_the_table_of_contents(self):
        contents = next(page for path, page in self.pages.items() if path.name == 'README.md')
        named = {path for path, _anchor in contents.links}
        self.assertFalse({path.name for path in self.pages} - {'README.md'} - named)

    def test_menu_paths_are_menus_in_german(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.env['ir.module.module']._load_module_terms([*APPS, 'dsgvo'], ['de_DE'])
        # Without it only the menus of the user are found.
        every = {'ir.ui.menu.full_list': True}
        Menu = self.env['ir.ui.menu'].with_context(lang='de_DE', **every)
        paths = {menu.complete_name.replace("/", ARROW) for menu in Menu.search([])}
        self.assertFalse(self._wrong(
            lambda page, words: words not in paths,
            lambda page: [words for words in page.bold if ARROW in words]))

    def test_bold_words_stand_on_the_screen(self):
        german = {unwrap(entry.msgstr) for entry in polib.pofile(file_path('dsgvo/i18n/de.po'))}
        core = "".join(
            (Path(get_module_path(app)) / 'i18n' / 'de.po').read_text() for app in APPS)
        self.assertFalse(self._wrong(
            lambda page, words: words not in german and f'msgstr "{words}"' not in core,
            lambda page: [words for words in page.bold if ARROW not in words]))
