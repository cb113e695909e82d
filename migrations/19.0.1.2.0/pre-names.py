"""Give models, fields and external ids of 19.0.1.1.0 the names that they have now.

Runs once: without the model `dsgvo.erasure.selection` there is nothing to rename. Scripts that run
before this one know the old names of the tables below, scripts that run after it the new ones.
"""
from odoo.tools import SQL, sql

# In this order: the first model gives up the name that the second one gets.
MODELS = {
    'dsgvo.erasure.preview': 'dsgvo.first.steps',
    'dsgvo.erasure.selection': 'dsgvo.erasure.preview',
    'dsgvo.erasure.rule': 'dsgvo.erasure.period',
}
# `{new name of the model: {old name of the field: new name}}`
FIELDS = {
    'dsgvo.data.gap': {'rows': 'filled_count'},
    'dsgvo.data.rule': {'owns': 'is_about_person'},
    'dsgvo.erasure': {
        'done_date': 'done_on', 'rule_id': 'period_id', 'searched_date': 'searched_on'},
    'dsgvo.erasure.overview': {'last_search': 'searched_on'},
    'dsgvo.erasure.period': {'period': 'duration'},
    'dsgvo.erasure.preview': {'rule_id': 'period_id', 'rule_is_on': 'period_is_on'},
    'dsgvo.erasure.recipient': {'last_date': 'transferred_on', 'messages': 'transfer_count'},
    'dsgvo.erasure.search': {
        'files': 'files_read', 'finished': 'finished_on', 'order': 'next_stage',
        'rows': 'rows_read', 'started': 'started_on', 'table': 'next_table'},
    'dsgvo.erasure.value': {'shared': 'is_shared'},
    'dsgvo.notification': {'date': 'told_on'},
}
XML_IDS = {
    'dsgvo_erasure_board_action': 'dsgvo_erasure_action_over_time',
    'dsgvo_erasure_view_search_board': 'dsgvo_erasure_view_search_over_time',
    'menu_erasure_board': 'menu_erasure_overview',
    'menu_erasure_rules': 'menu_erasure_periods',
}
# Rules of access of `dsgvo.erasure`
NOT_OF_PERIODS = ('dsgvo_erasure_rule_clerk', 'dsgvo_erasure_rule_company',
                  'dsgvo_erasure_rule_officer')
COLUMNS_WITH_A_MODEL = (
    'model', 'model_id', 'model_name', 'parent_res_model', 'relation', 'res_model', 'resource')
# `(table, SQL of the model of a row, columns that name fields of this model)`
EXPRESSIONS = (
    ('ir_filters', SQL("t.model_id"), ('domain', 'context', 'sort')),
    ('ir_act_window', SQL("t.res_model"), ('domain', 'context')),
    ('ir_embedded_actions', SQL("t.parent_res_model"), ('domain', 'context')),
    ('ir_rule', SQL("(SELECT model FROM ir_model WHERE id = t.model_id)"), ('domain_force',)),
    ('ir_ui_view', SQL("t.model"), ('arch_db',)),
)
PATHS = (
    ('ir_exports_line', SQL("(SELECT resource FROM ir_exports WHERE id = t.export_id)"), ('name',)),
    ('ir_model_fields', SQL("t.model"), ('related', 'depends')),
    ('base_import_mapping', SQL("t.res_model"), ('field_name',)),
    ('dsgvo_data_rule', SQL("t.model"), ('field', 'reached_by')),
    ('dsgvo_data_gap', SQL("t.model"), ('field',)),
    ('dsgvo_erasure_residual', SQL("t.model"), ('field',)),
)


def migrate(cr, version):
    cr.execute("SELECT FROM ir_model WHERE model = 'dsgvo.erasure.selection'")
    if not cr.rowcount:
        return
    _drop_wizards(cr)
    for old, new in MODELS.items():
        _rename_table(cr, old.replace('.', '_'), new.replace('.', '_'))
        _rename_model(cr, old, new)
        _rename_xml_ids_of_model(cr, old.replace('.', '_'), new.replace('.', '_'))
    for model, names in FIELDS.items():
        for old, new in names.items():
            _rename_field(cr, model, old, new)
            _rename_in_expressions(cr, model, old, new)
    for old, new in XML_IDS.items():
        cr.execute(SQL("UPDATE ir_model_data SET name = %s WHERE module = 'dsgvo' AND name = %s",
                       new, old))
    cr.execute("UPDATE dsgvo_data_gap SET place = model || '.' || field"
               " WHERE place != model || '.' || field")


def _drop_wizards(cr):
    """Drop tables whose rows nobody needs after an hour: the update makes them anew."""
    cr.execute("""
        DROP TABLE IF EXISTS dsgvo_erasure_selection_res_partner_rel, dsgvo_erasure_selection,
                             dsgvo_erasure_preview CASCADE;
        DELETE FROM ir_model_relation WHERE name = 'dsgvo_erasure_selection_res_partner_rel';
        DELETE FROM ir_model_constraint
         WHERE type = 'f' AND name ~ '^dsgvo_erasure_(selection|preview)_'
    """)


def _rename_table(cr, old, new):
    """Rename a table with its sequence, constraints and indexes."""
    if not sql.table_exists(cr, old):
        return
    cr.execute(SQL("ALTER TABLE %s RENAME TO %s", SQL.identifier(old), SQL.identifier(new)))
    cr.execute(SQL("ALTER SEQUENCE %s RENAME TO %s",
                   SQL.identifier(f'{old}_id_seq'), SQL.identifier(f'{new}_id_seq')))
    cr.execute(SQL("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass", new))
    for name, in cr.fetchall():
        _rename_constraint(cr, new, name, name.replace(old, new))
    cr.execute(SQL("SELECT indexname FROM pg_indexes WHERE tablename = %s"
                   " AND schemaname = current_schema", new))
    for name, in cr.fetchall():
        if name.startswith(old):
            cr.execute(SQL("ALTER INDEX %s RENAME TO %s", SQL.identifier(name),
                           SQL.identifier(name.replace(old, new))))


def _rename_constraint(cr, table, old, new):
    if old != new:
        cr.execute(SQL("ALTER TABLE %s RENAME CONSTRAINT %s TO %s",
                       SQL.identifier(table), SQL.identifier(old), SQL.identifier(new)))
        cr.execute(SQL("UPDATE ir_model_constraint SET name = %s WHERE name = %s", new, old))


def _rename_model(cr, old, new):
    """Rename a model in every column of any addon that holds the name of a model, and in code."""
    cr.execute(SQL(
        """
        SELECT table_name, column_name FROM information_schema.columns
          JOIN information_schema.tables USING (table_schema, table_name)
         WHERE table_schema = current_schema AND table_type = 'BASE TABLE'
           AND data_type = 'character varying' AND column_name IN %s
        """, COLUMNS_WITH_A_MODEL))
    for table, column in cr.fetchall():
        cr.execute(SQL("UPDATE %(table)s SET %(column)s = %(new)s WHERE %(column)s = %(old)s",
                       table=SQL.identifier(table), column=SQL.identifier(column),
                       new=new, old=old))
    pattern = rf"(?<![\w.]){old.replace('.', '[.]')}(?![\w.])"
    cr.execute(SQL("UPDATE ir_act_server SET code = regexp_replace(code, %s, %s, 'g')"
                   " WHERE code ~ %s", pattern, new, pattern))


def _rename_xml_ids_of_model(cr, old, new):
    """Rename the ids that Odoo makes for a model, of any addon, and those of this addon."""
    pattern = rf'^(model_|field_|constraint_|selection__|access_)?{old}(?=_|$)'
    cr.execute(SQL(
        """
        UPDATE ir_model_data SET name = regexp_replace(name, %s, %s)
         WHERE name ~ %s AND name NOT IN %s
           AND (module = 'dsgvo' OR name ~ '^(model|field|constraint|selection_)_')
        """, pattern, rf'\1{new}', pattern, NOT_OF_PERIODS))


def _rename_field(cr, model, old, new):
    table = model.replace('.', '_')
    if sql.column_exists(cr, table, old):
        sql.rename_column(cr, table, old, new)
        cr.execute(SQL("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass"
                       " AND conname = %s", table, f'{table}_{old}_fkey'))
        if cr.rowcount:
            _rename_constraint(cr, table, f'{table}_{old}_fkey', f'{table}_{new}_fkey')
    cr.execute(SQL("UPDATE ir_model_fields SET name = %s WHERE model = %s AND name = %s",
                   new, model, old))
    cr.execute(SQL("UPDATE ir_model_data SET name = %s WHERE name = %s AND model = %s",
                   f'field_{table}__{new}', f'field_{table}__{old}', 'ir.model.fields'))


def _rename_in_expressions(cr, model, old, new):
    """Rename a field in favourites, exports, own views and the like.

    A name that is a common word is only replaced where it is quoted.
    """
    links = _find_links(cr, model)
    path = rf'(?<![./\w])(){old}(?!\w)'
    for table, model_sql, columns in (*EXPRESSIONS, *PATHS):
        pattern, condition = path, SQL("%s = %s", model_sql, model)
        if table == 'ir_ui_view':
            # A view may show the model in a list of another one.
            condition = SQL("(%s OR t.arch_db::text ~ %s)", condition, rf'name=\\"({links})\\"')
        if '_' not in old and (table, model_sql, columns) in EXPRESSIONS:
            quotes = r'name=\\"' if table == 'ir_ui_view' else '"'
            pattern = rf"({quotes}|'){old}(?!\w)"
        there = sql.table_columns(cr, table)
        for column in there.keys() & columns:
            _replace(cr, table, there[column], pattern, new, condition)
            _replace(cr, table, there[column], rf'(?<!\w)((?:{links})[./]){old}(?!\w)', new,
                     SQL("TRUE"))


def _find_links(cr, model):
    """Return the names of the fields that lead to a model, as alternatives of a pattern."""
    cr.execute(SQL(
        """
        SELECT coalesce(string_agg(DISTINCT name, '|'), 'no_link') FROM ir_model_fields
         WHERE relation = %s AND (model LIKE 'dsgvo.%%' OR name LIKE 'dsgvo%%' OR state = 'manual')
        """, model))
    return cr.fetchone()[0]


def _replace(cr, table, column, pattern, new, condition):
    """Replace the text behind the first group of a pattern in a column."""
    cr.execute(SQL(
        """
        UPDATE %(table)s t
           SET %(column)s = regexp_replace(%(column)s::text, %(pattern)s, %(new)s, 'g')::%(type)s
         WHERE %(condition)s AND %(column)s::text ~ %(pattern)s
        """, table=SQL.identifier(table), column=SQL.identifier(column['column_name']),
        type=SQL.identifier(column['udt_name']), pattern=pattern, new=rf'\1{new}',
        condition=condition))
