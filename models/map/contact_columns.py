"""Which columns of a contact identify the person: Odoo's own, and those that other addons add."""
import re

from odoo.tools import SQL

PARTNER = 'res.partner'
PATTERNS = {
    'email': re.compile(r'(^|_)e?_?mail\d*(_|$)'),
    'phone': re.compile(
        r'(^|_)(cell|smart|tele|mobil)?(phone|fon|fax|mobile?|tel|handy|whatsapp|cell)\d*(_|$)'),
}
# Names of columns in any other model that hold such a value, or the id of a contact.
NAMES_OF_VALUES = PATTERNS | {
    'phone': re.compile(rf'{PATTERNS["phone"].pattern}|(^|_)number(_|$)'),
    'contact': re.compile(r'(^|_)(partner|contact|customer|kunden?|value)(_|$)'),
}
# Odoo's own columns: the typed value and the forms that Odoo makes of it.
OWN = {'email': ('email', 'email_normalized'), 'phone': ('phone', 'phone_sanitized')}
STREET = re.compile(r'street\d*')  # the third one comes from another addon
# In the order in which they are spoken.
NAME_PARTS = ('firstname', 'first_name', 'vorname', 'middlename', 'middle_name', 'lastname',
              'last_name', 'surname', 'nachname', 'lastname2')
# Columns that stay when a contact is emptied: those that Odoo itself needs, its place and its
# country. Accounts, taxes and currencies of a contact stay, too, by their models.
KEPT_WHEN_EMPTIED = {
    'id', 'create_uid', 'create_date', 'write_uid', 'write_date', 'active', 'company_id',
    'country_id', 'commercial_partner_id', 'is_company', 'type', 'partner_share',
    'dsgvo_subject_id', 'dsgvo_restricted', 'dsgvo_erased'}
MODELS_OF_BOOKS = {'account.account', 'account.fiscal.position', 'res.currency'}


def tells_who(field):
    """Return whether a field of an emptied contact could say who it was, of whatever addon."""
    return bool(
        field.store and (field.column_type or field.type == 'many2many')
        and field.name not in KEPT_WHEN_EMPTIED and field.comodel_name not in MODELS_OF_BOOKS)


def is_column_of(kind, column):
    """Whether a column is called like what holds the values of a kind; of any other, always."""
    return kind not in NAMES_OF_VALUES or bool(NAMES_OF_VALUES[kind].search(column))


def get_kind(field):
    """Return which kind of value a column of a contact holds: name, email, phone, street, or None.

    :param field: of the contact, of whatever addon
    """
    if not _is_text(field):
        return None
    if field.name.removeprefix('x_') in ('name', *NAME_PARTS):
        return 'name'
    if STREET.fullmatch(field.name):
        return 'street'
    return next((kind for kind, pattern in PATTERNS.items() if pattern.search(field.name)), None)


def get_further_columns(env):
    """Return `{'email': names, 'phone': names}` of the columns that other addons add."""
    columns = _get_text_columns(env)
    return {
        kind: tuple(name for name in columns if pattern.search(name) and name not in OWN[kind])
        for kind, pattern in PATTERNS.items()}


def get_value_columns(env):
    """Return `{kind: [SQL]}` of all columns that identify a person, Odoo's own first.

    :return: the kinds name, email, phone and street; the table is called `p`
    """
    columns = {kind: [SQL.identifier('p', name) for name in (kind, *further)]
               for kind, further in get_further_columns(env).items()}
    texts = _get_text_columns(env)
    parts = [SQL.identifier('p', part) for name in NAME_PARTS for part in (name, f'x_{name}')
             if part in texts]
    names = [SQL.identifier('p', 'name')]
    if len(parts) > 1:  # the name as a whole may be "Quittenbaum, Adelheid"
        names.append(SQL("nullif(concat_ws(' ', %s), '')", SQL(", ").join(parts)))
    # One text, because the street is in one of them: c/o Alster, Holunderweg 17.
    streets = [SQL.identifier('p', name) for name in sorted(texts) if STREET.fullmatch(name)]
    street = SQL("nullif(concat_ws(E'\n', %s), '')", SQL(", ").join(streets))
    return columns | {'name': names, 'street': [street]}


def _get_text_columns(env):
    return [field.name for field in env[PARTNER]._fields.values() if _is_text(field)]


def _is_text(field):
    return field.type == 'char' and field.store and not field.company_dependent
