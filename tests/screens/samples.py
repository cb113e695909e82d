"""Records of every model of the addon, so that no screen of it is empty."""
from odoo import fields, models

LONG_NAME = "Adelheid Quittenbaum-Wolkenstein"
# What fields need that take not any text or number: a place of the database, years, a kind of
# document that is made for somebody.
MEANT = {
    'model': 'res.partner', 'field': 'comment', 'reached_by': 'id',
    'first_year': 2023, 'last_year': 2025, 'dsgvo.document.kind': 'customer_information'}


def make_samples(env, names):
    """Create records of the models that have none: one of each state."""
    for name in names:
        Model = env[name].sudo()
        if not Model.search_count([], limit=1):
            states = Model._fields.get('state')
            values = [value for value, _label in states.selection] if (
                states and states.store and states.type == 'selection') else [None]
            for number, state in enumerate(values):
                Model.create(get_values(Model, number) | ({'state': state} if state else {}))


def get_values(Model, number):
    """Return a value for every field that is stored and that nothing else fills."""
    return {
        name: value for name, field in Model._fields.items()
        if field.store and not (field.compute or field.related) and name not in models.MAGIC_COLUMNS
        and (value := get_value(Model, field, number)) is not None}


def get_value(Model, field, number):
    if meant := MEANT.get(str(field)) or MEANT.get(field.name):
        return meant
    match field.type:
        case 'char' | 'text' | 'html':
            return f"{LONG_NAME} {number}"
        case 'selection':
            options = field.get_values(Model.env)
            return options[number % len(options)]
        case 'many2one':
            return get_linked(Model.env, field.comodel_name, number).id
        case 'date':
            return fields.Date.today()
        case 'datetime':
            return fields.Datetime.now()
        case 'integer':
            return number


def get_linked(env, name, number):
    """Return a customer for each record: many models allow only one of it."""
    if name == 'res.partner':
        return env[name].create({'name': f"{LONG_NAME} {number}"})
    if name.startswith('dsgvo.'):
        make_samples(env, [name])
    return env[name].sudo().search([], limit=1, order='id desc')
