"""The value of a field that was emptied."""
from odoo.tools import SQL

EMPTY_BUT_REQUIRED = {
    'char': "''", 'text': "''", 'html': "''", 'boolean': 'FALSE', 'integer': '0', 'float': '0',
    'monetary': '0', 'date': 'CURRENT_DATE', 'datetime': "now() AT TIME ZONE 'UTC'"}


def get_nothing(env, field):
    """Return the value of an emptied field: NULL, or what says nothing where one is demanded.

    A selection has its default then, or its first value.
    """
    if not field.required or field.company_dependent:
        return SQL("NULL")
    if field.type == 'selection':
        default = env[field.model_name].default_get([field.name]).get(field.name)
        return SQL("%s", default or field.get_values(env)[0])
    return SQL(EMPTY_BUT_REQUIRED.get(field.type, 'NULL'))
