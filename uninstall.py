"""The uninstallation, which leaves the evidence as files, and nothing else."""
import csv
import io
import mimetypes

from odoo import fields
from odoo.tools import SQL, html2plaintext

from .models.consent.ir_config_parameter import HEAD, KEY
from .models.consent.ledger import remove_guards
from .models.erasure.res_partner_autocomplete import OFF_SINCE, SWITCH

DECISION_COLUMNS = (
    'id', 'date', 'recorded_on', 'company_id', 'partner_id', 'purpose', 'decision', 'is_in_force',
    'means', 'till', 'user_id', 'user_number', 'wording_id', 'wording_text', 'note', 'chain_id',
    'position', 'hash')
REGISTER_COLUMNS = (
    'company_id', 'name', 'state', 'role', 'responsible_id', 'purposes', 'legal_basis', 'persons',
    'period', 'reviewed_on')
BREACH_COLUMNS = (
    'company_id', 'name', 'state', 'occurred_on', 'noticed_on', 'description', 'persons',
    'person_count', 'records', 'record_count', 'consequences', 'measures', 'risk', 'risk_reason',
    'authority_id', 'authority_told_on', 'delay_reason', 'persons_told_on', 'persons_not_told')
ERASURE_COLUMNS = ('company_id', 'partner_id', 'reason', 'state', 'restricted_until', 'blocker')
CHUNK = 5000
PROOFS = SQL("res_model = 'dsgvo.consent.event' AND res_field = 'signature'")


def uninstall_hook(env):
    """Write ledger, unfinished erasures, register and breaches to files; let all else go.

    The files are attachments of no record, so only administrators can read them. The scans become
    such attachments, too.
    """
    env = env(context=dict(env.context, lang=env.company.partner_id.lang))
    env['dsgvo.data.rule']._drop_indexes()
    _export(env['dsgvo.consent.event'], DECISION_COLUMNS, 'consent-decisions', _get_proofs(env))
    _export(env['dsgvo.erasure'], ERASURE_COLUMNS, 'unfinished-erasures',
            domain=[('state', 'not in', ('done', 'cancelled'))])
    _export(env['dsgvo.processing.activity'], REGISTER_COLUMNS, 'register')
    _export(env['dsgvo.breach'], BREACH_COLUMNS, 'breaches')
    _keep_proofs(env)
    _remove_traces(env)
    remove_guards(env.cr)
    _drop_foreign_keys(env.cr)


def _export(model, names, title, proofs=None, domain=()):
    """Write records to a CSV file that a person can read; none if there are none.

    :param dict proofs: file names by id of the record, for one more column
    """
    names = [name for name in names if name in model._fields]
    content = io.StringIO()
    writer = csv.writer(content)
    labels = [model._fields[name]._description_string(model.env) for name in names]
    names_customer = 'partner_id' in model._fields
    if names_customer:
        labels += [model.env._("Contact No."), model.env._("File of the Proof")]
    writer.writerow(labels)
    last_id = 0
    while records := model.search([*domain, ('id', '>', last_id)], order='id', limit=CHUNK):
        for record in records:
            values = [_format(record, name) for name in names]
            if names_customer:
                values += [record.partner_id.id or '', (proofs or {}).get(record.id, '')]
            writer.writerow(map(_defuse, values))
        last_id = record.id
        model.env.invalidate_all()
    if last_id:
        model.env['ir.attachment'].create({
            'name': f'dsgvo-{title}-{fields.Date.today()}.csv',
            'raw': content.getvalue().encode('utf-8-sig'),  # so that spreadsheets see umlauts
            'mimetype': 'text/csv',
        })


def _format(record, name):
    field, value = record._fields[name], record[name]
    if field.type == 'many2one':
        return value.display_name or ''
    if field.type == 'selection':
        return dict(field._description_selection(record.env)).get(value, '')
    if field.type == 'html':
        return html2plaintext(value or '')
    return '' if value is False and field.type != 'boolean' else value


def _defuse(value):
    """Let no spreadsheet take a note for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ('=', '+', '-', '@') else value


def _get_proofs(env):
    """Return `{decision id: file name}` of the signatures and scans."""
    rows = env.execute_query(SQL("SELECT res_id, mimetype FROM ir_attachment WHERE %s", PROOFS))
    return {event_id: f'dsgvo-decision-{event_id}{_get_extension(mimetype)}'
            for event_id, mimetype in rows}


def _get_extension(mimetype):
    return mimetypes.guess_extension(mimetype or '') or ''


def _keep_proofs(env):
    """Take signatures and scans from the decisions, whose table goes."""
    env.flush_all()
    for mimetype, in env.execute_query(SQL(
            "SELECT DISTINCT mimetype FROM ir_attachment WHERE %s", PROOFS)):
        env.cr.execute(SQL(
            """
            UPDATE ir_attachment
               SET name = 'dsgvo-decision-' || res_id || %s, res_model = NULL, res_field = NULL,
                   res_id = NULL, create_uid = %s
             WHERE %s AND mimetype IS NOT DISTINCT FROM %s
            """, _get_extension(mimetype), env.uid, PROOFS, mimetype))
    env.invalidate_all()


def _remove_traces(env):
    """Remove traces outside the addon's own tables."""
    path = env['dsgvo.erasure']._get_list().path
    env.cr.postcommit.add(lambda: path.unlink(missing_ok=True))
    actions = env['ir.model.data'].search(
        [('module', '=', 'dsgvo'), ('model', '=like', 'ir.actions.%')]).mapped('res_id')
    activity_types = env['ir.model.data'].search(
        [('module', '=', 'dsgvo'), ('model', '=', 'mail.activity.type')]).mapped('res_id')
    env['mail.activity'].search([
        '|', ('activity_type_id', 'in', activity_types),
        ('id', 'in', SQL("(SELECT id FROM mail_activity WHERE note ~ %s)",
                         rf"/odoo/action-({'|'.join(map(str, actions))})\D"))]).unlink()
    _remove_anonymous_customers(env)
    env.cr.execute("DELETE FROM ir_config_parameter WHERE key IN %s",
                   [(KEY, HEAD, SWITCH, OFF_SINCE)])
    env.registry.clear_cache('stable')


def _remove_anonymous_customers(env):
    """Delete the anonymous customers; those on orders and entries stay, they tell of nobody.

    They get a reference, by which a new installation goes on with them.
    """
    companies = env['res.company'].with_context(active_test=False).search([])
    anonymous = companies.dsgvo_anonymous_partner_id
    for company in companies:
        company.dsgvo_anonymous_partner_id.ref = company._dsgvo_get_anonymous_ref()
    companies.dsgvo_anonymous_partner_id = False
    env.flush_all()
    env.cr.execute("""
        SELECT conrelid::regclass::varchar, attname
          FROM pg_constraint
          JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
         WHERE contype = 'f' AND confrelid = 'res_partner'::regclass
           AND conrelid != 'res_partner'::regclass
    """)
    used = set()
    for table, column in env.cr.fetchall():
        used.update(partner_id for partner_id, in env.execute_query(SQL(
            "SELECT DISTINCT %s FROM %s WHERE %s = ANY(%s)", SQL.identifier(column),
            SQL.identifier(table), SQL.identifier(column), anonymous.ids)))
    anonymous.filtered(lambda partner: partner.id not in used).unlink()


def _drop_foreign_keys(cr):
    """Let the records of the addon go in whatever order Odoo deletes them: all tables go."""
    cr.execute("""
        SELECT conrelid::regclass::varchar, conname FROM pg_constraint
         WHERE contype = 'f' AND starts_with(conrelid::regclass::varchar, 'dsgvo_')
           AND starts_with(confrelid::regclass::varchar, 'dsgvo_')
    """)
    for table, name in cr.fetchall():
        cr.execute(SQL(
            "ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name)))
