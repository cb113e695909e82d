import ast
import re
from collections import defaultdict
from pathlib import Path

from odoo.tests import BaseCase, tagged
from odoo.tools import file_path

# Which rooms a room may know besides itself; docs/ARCHITECTURE.md says the same to readers.
ALLOWED = {
    'jobs': set(),
    'consent': {'jobs'},
    'map': {'jobs', 'consent'},
    'erasure': {'jobs', 'consent', 'map'},
    'suppression': {'jobs', 'consent', 'map', 'erasure'},
    'search': {'jobs', 'consent', 'map', 'erasure', 'suppression'},
    'notification': {'jobs', 'consent'},
    'marketing': {'jobs', 'consent', 'suppression'},
    'screen': {'jobs', 'map'},
    'till': {'jobs', 'consent', 'notification', 'erasure', 'screen'},
    'gate': {'jobs', 'consent', 'map', 'notification', 'marketing'},
    'documents': {'jobs', 'consent', 'map'},
    'overview': {
        'jobs', 'consent', 'map', 'erasure', 'suppression', 'search', 'notification', 'marketing',
        'till', 'gate', 'documents'},
}
# Still to be cut: `(file, what it knows)`. Nothing may be added.
EXCEPTIONS = set()

ROOT = Path(file_path('dsgvo/__manifest__.py')).parent
TABLE = re.compile(r'(?<![\w.])dsgvo_\w+')
MODELS = ('odoo', 'addons', 'dsgvo', 'models')


def find_known(room):
    """Return the rooms that a room knows, also through another one."""
    return ALLOWED[room].union(*map(find_known, ALLOWED[room]))


def read_files(*folders):
    """Yield `(room, path below the addon, syntax tree)` of the files in rooms of these folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).glob('*/*.py')):
            yield path.parent.name, path.relative_to(ROOT), ast.parse(path.read_text())


def find_models(tree):
    """Return the names of the models that a file makes, and does not only extend."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            names = {
                line.targets[0].id: ast.literal_eval(line.value) for line in node.body
                if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
                and line.targets[0].id in ('_name', '_inherit')}
            if names.get('_name', '_') not in ('_', *names.get('_inherit', ())):
                found.add(names['_name'])
    return found


def find_parents(node):
    """Return the names of the models that a class extends."""
    return {
        name.value for line in node.body
        if isinstance(line, ast.Assign) and getattr(line.targets[0], 'id', '') == '_inherit'
        for name in ast.walk(line.value) if isinstance(name, ast.Constant)}


def find_rooms_imported(tree, room):
    """Yield `(room, what is imported from it)` for all imports of a file in a room."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = node.module.split('.') if node.module else ()
            here = (*MODELS, room)
            source = (*here[:len(here) - node.level + 1], *module) if node.level else tuple(module)
            if source[:len(MODELS)] == MODELS:
                for alias in node.names:
                    yield (*source, alias.name)[len(MODELS)], '.'.join(source[len(MODELS):])


def find_models_named(tree, owners):
    """Yield `(room, model)` for each model that a file names as a string, or its table in SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in owners:
                yield owners[node.value], node.value
            for table in TABLE.findall(node.value):
                if (model := table.replace('_', '.')) in owners:
                    yield owners[model], model


def find_members(tree):
    """Yield the names of fields and methods that carry the name of the addon."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                name = getattr(line, 'name', '')
                if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                    name = line.targets[0].id
                if name.startswith(('dsgvo_', '_dsgvo_')):
                    yield name


def find_rooms_of_members(tree, members, room):
    """Yield `(room, member)` of the fields and methods that no room has which this one may use.

    It may use what a room that it knows is built on.
    """
    usable = {room} | find_known(room)
    for node in ast.walk(tree):
        name = getattr(node, 'attr', '') or getattr(node, 'value', '')
        if isinstance(name, str) and name in members and not members[name] & usable:
            yield min(members[name]), name


@tagged('post_install', '-at_install')
class TestLayers(BaseCase):
    """Knowledge runs one way between the rooms of the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A wizard belongs to the room that opens it; it may itself know all rooms.
        cls.owners = {
            model: room for room, _path, tree in read_files('models', 'wizards', 'reports')
            for model in find_models(tree)}
        cls.members = defaultdict(set)
        for room, _path, tree in read_files('models', 'wizards', 'reports'):
            for name in find_members(tree):
                cls.members[name].add(room)

    def _find_breaches(self):
        return {
            (str(path), known) for room, path, tree in read_files('models')
            for other, known in (
                *find_rooms_imported(tree, room), *find_models_named(tree, self.owners),
                *find_rooms_of_members(tree, self.members, room))
            if other not in (room, *ALLOWED[room])}

    def test_every_room_stands_in_the_table(self):
        rooms = {path.parent.name for path in (ROOT / 'models').glob('*/__init__.py')}
        self.assertEqual(rooms, set(ALLOWED))

    def test_architecture_has_the_same_table(self):
        text = (ROOT / 'docs/ARCHITECTURE.md').read_text()
        self.assertEqual(
            {room: {'jobs', *re.findall(r'`(\w+)`', known)} - {room} for room, known in re.findall(
                r'^\| `(\w+)` \| [^|]+\? \| ([^|]+) \|$', text, re.MULTILINE)}, ALLOWED)

    def test_no_room_is_known_by_a_room_that_it_knows(self):
        for room, known in ALLOWED.items():
            for other in known:
                self.assertNotIn(room, find_known(other), other)

    def test_files_know_what_their_room_may_know(self):
        breaches = sorted(self._find_breaches() - EXCEPTIONS)
        self.assertFalse(breaches, "Not allowed, see docs/ARCHITECTURE.md:\n" + "\n".join(
            f"{path} knows {known}" for path, known in breaches))

    def test_exceptions_are_still_needed(self):
        self.assertFalse(EXCEPTIONS - self._find_breaches())

    def test_every_aspect_of_a_large_model_says_which_it_is(self):
        """Some models are extended in so many files that their name says nothing."""
        silent = {
            str(path) for _room, path, tree in read_files('models', 'wizards', 'reports')
            for node in tree.body if isinstance(node, ast.ClassDef)
            and not find_parents(node).isdisjoint(('dsgvo.erasure', 'res.partner'))
            and not ast.get_docstring(node)}
        self.assertEqual(silent, set())

    def test_only_the_company_says_which_day_it_is(self):
        """The timezone of a user or a job must not decide whether a period is over."""
        self.assertEqual({
            str(path) for _room, path, tree in read_files('models', 'wizards', 'reports')
            for node in ast.walk(tree) if getattr(node, 'attr', '') == 'context_today'},
            {'models/consent/res_company.py'})
