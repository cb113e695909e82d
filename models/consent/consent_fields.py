"""Fields that show the consents in force on the day on which they are read.

The columns hold copies of the ledger (see current_consents.py). If a company has set how long a
consent is valid, the column of the expiry holds the last day of each purpose, and PostgreSQL leaves
out expired consents. So searches, lists, forms and jobs see the same, without a job having run.
"""
from odoo import fields
from odoo.tools import SQL

from .res_company import VALIDITY_FIELDS

# The group of fields in which Odoo reads what depends on the company. A page that reads a contact
# for its name alone needs no field of this addon.
READ_WITH_CONSENTS = 'company_dependent'


def _expiry_sql(model, alias, purpose):
    column = SQL.identifier(
        alias, 'consent_expiry_date', to_flush=model._fields['consent_expiry_date'])
    return SQL("(%s #>> %s)::date", column, [str(model.env.company.id), purpose])


def _first_expiry_sql(model, alias):
    return SQL("LEAST(%s)", SQL(", ").join(
        _expiry_sql(model, alias, purpose) for purpose in VALIDITY_FIELDS))


def _unless_over_sql(model, expiry, otherwise, stored):
    """Return `stored`, or `otherwise` from the day `expiry` on."""
    today = model.env.company._dsgvo_today()
    return SQL("(CASE WHEN %s <= %s THEN %s ELSE %s END)", expiry, today, otherwise, stored)


class Decided(fields.Field):
    """What customers decided at a company: no default value of the database stands for that."""

    undecided = False  # what is read of whoever decided nothing there

    def get_company_dependent_fallback(self, records):
        return self.undecided

    def to_sql(self, model, alias):
        value = SQL("(%s ->> %s)::%s", SQL.identifier(alias, self.name, to_flush=self),
                    str(model.env.company.id), SQL(self._column_type[1]))
        return SQL("COALESCE(%s, %s)", value, self.undecided) if self.undecided else value


class DecidedDate(Decided, fields.Date):
    """The day of the decisions of a customer."""


class DecidedText(Decided, fields.Text):
    """The text beside the decisions of a customer."""


class Consent(Decided, fields.Selection):
    """Granted or refused at a company; empty for contacts never asked, or whose consent is over."""

    def to_sql(self, model, alias):
        stored = super().to_sql(model, alias)
        if not model.env.company._dsgvo_get_validity():
            return stored
        purpose = self.name.removeprefix('consent_')
        return _unless_over_sql(model, _expiry_sql(model, alias, purpose), SQL("NULL"), stored)


class ConsentState(Decided, fields.Selection):
    """None, some or all of the consents that a person, or a company, can give."""

    undecided = 'none'

    def to_sql(self, model, alias):
        stored = super().to_sql(model, alias)
        if not model.env.company._dsgvo_get_validity():
            return stored
        consents = [
            model._fields[f'consent_{purpose}'].to_sql(model, alias) for purpose in VALIDITY_FIELDS]
        left = SQL(
            "CASE WHEN %s THEN CASE %s WHEN 'granted' THEN 'full' ELSE 'none' END"
            " WHEN 'granted' IN (%s) THEN 'partial' ELSE 'none' END",
            SQL.identifier(alias, 'is_company', to_flush=model._fields['is_company']),
            model._fields['consent_marketing'].to_sql(model, alias), SQL(", ").join(consents))
        return _unless_over_sql(model, _first_expiry_sql(model, alias), left, stored)


class ConsentExpiry(Decided, fields.Date):
    """The first day on which a consent to this company is not valid any more.

    Its column holds `{company: {purpose: day}}`, the days of each purpose.
    """

    def to_sql(self, model, alias):
        if not model.env.company._dsgvo_get_validity():
            return SQL("NULL::date")
        return SQL("(%s)", _first_expiry_sql(model, alias))
