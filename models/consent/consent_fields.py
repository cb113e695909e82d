"""Fields that show the consents in force on the day on which they are read.

The columns hold copies of the ledger (see current_consents.py). If a company has set how long a
consent is valid, the column of the expiry holds the last day of each purpose, and PostgreSQL leaves
out expired consents. So searches, lists, forms and jobs see the same, without a job having run.
"""
from odoo import fields
from odoo.tools import SQL

from .res_company import VALIDITY_FIELDS


def _expiry_sql(model, alias, purpose):
    column = SQL.identifier(
        alias, 'consent_expiry_date', to_flush=model._fields['consent_expiry_date'])
    return SQL("(%s #>> %s)::date", column, [str(model.env.company.id), purpose])


def _first_expiry_sql(model, alias):
    return SQL("LEAST(%s)", SQL(", ").join(
        _expiry_sql(model, alias, purpose) for purpose in VALIDITY_FIELDS))


def _may_end(model):
    """Return whether consents to the company end by themselves; at most companies they do not."""
    company = model.env.company.sudo()  # sudo: res.company - how many months consents are valid
    return any(company[field] for field in VALIDITY_FIELDS.values())


def _unless_over_sql(model, expiry, otherwise, stored):
    """Return `stored`, or `otherwise` from the day `expiry` on."""
    today = model.env.company._dsgvo_today()
    return SQL("(CASE WHEN %s <= %s THEN %s ELSE %s END)", expiry, today, otherwise, stored)


class Consent(fields.Selection):
    """Granted or refused at a company; empty for contacts never asked, or whose consent is over."""

    def to_sql(self, model, alias):
        stored = super().to_sql(model, alias)
        if not _may_end(model):
            return stored
        purpose = self.name.removeprefix('consent_')
        return _unless_over_sql(model, _expiry_sql(model, alias, purpose), SQL("NULL"), stored)


class ConsentState(fields.Selection):
    """None, some or all of the consents that a person, or a company, can give."""

    def to_sql(self, model, alias):
        stored = super().to_sql(model, alias)
        if not _may_end(model):
            return stored
        consents = [
            model._fields[f'consent_{purpose}'].to_sql(model, alias) for purpose in VALIDITY_FIELDS]
        left = SQL(
            "CASE WHEN %s THEN CASE %s WHEN 'granted' THEN 'full' ELSE 'none' END"
            " WHEN 'granted' IN (%s) THEN 'partial' ELSE 'none' END",
            SQL.identifier(alias, 'is_company', to_flush=model._fields['is_company']),
            model._fields['consent_marketing'].to_sql(model, alias), SQL(", ").join(consents))
        return _unless_over_sql(model, _first_expiry_sql(model, alias), left, stored)


class ConsentExpiry(fields.Date):
    """The first day on which a consent to this company is not valid any more.

    Its column holds `{company: {purpose: day}}`, the days of each purpose.
    """

    def to_sql(self, model, alias):
        return SQL("(%s)", _first_expiry_sql(model, alias))
