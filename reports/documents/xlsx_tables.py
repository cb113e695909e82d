"""Which workbooks there are, and which fields of which records stand in them."""
from typing import NamedTuple

from odoo.tools.translate import LazyGettext, LazyTranslate

_lt = LazyTranslate(__name__)


class Source(NamedTuple):
    """The records of one table."""
    model: str
    fields: tuple
    domain: str = ''
    """The method `_get_<domain>_domain` of `dsgvo.xlsx`; empty stands for all records."""


class Contents(NamedTuple):
    """A workbook: a sheet for each source."""
    title: LazyGettext
    sources: list


WORKBOOKS = {
    'activities': Contents(_lt("Processing Activities"), [
        Source('dsgvo.processing.activity', (
            'name', 'state', 'role', 'purposes', 'legal_basis', 'legitimate_interest', 'persons',
            'data_ids', 'other_data', 'recipient_ids', 'third_country', 'third_country_ids',
            'safeguard', 'period', 'measures', 'dpia', 'dpia_reason', 'responsible_id',
            'reviewed_on', 'review_on', 'missing', 'company_id')),
        Source('dsgvo.processing.recipient', ('name', 'kind', 'is_processor', 'contract_on')),
    ]),
    'consents': Contents(_lt("Consents"), [
        Source('res.partner', (
            'name', 'email', 'phone', 'consent_storage', 'consent_notification',
            'consent_marketing', 'consent_state', 'consent_date', 'is_company'), 'customer'),
    ]),
    'ledger': Contents(_lt("Ledger"), [
        Source('dsgvo.consent.event', (
            'id', 'date', 'recorded_on', 'partner_id', 'purpose', 'decision', 'means', 'till',
            'user_id', 'company_id', 'wording_id', 'position', 'hash')),
    ]),
    'notifications': Contents(_lt("Customer Notifications"), [
        Source('dsgvo.notification', (
            'display_name', 'partner_id', 'notification_type', 'kind', 'state', 'create_date',
            'told_on', 'failure', 'company_id')),
    ]),
    'erasures': Contents(_lt("Erasures"), [
        Source('dsgvo.erasure', (
            'id', 'partner_id', 'reason', 'state', 'blocker', 'create_date', 'not_before',
            'restricted_until', 'done_on', 'company_id')),
    ]),
    'map': Contents(_lt("Where Customer Data Are Kept"), [
        Source('dsgvo.data.rule', (
            'place', 'model', 'field', 'reached_by', 'category', 'erase', 'export', 'basis',
            'retention_id', 'retention_years', 'active', 'note')),
    ]),
    'periods': Contents(_lt("Periods"), [
        Source('dsgvo.retention', (
            'name', 'basis', 'period', 'start', 'years', 'days', 'legal_minimum', 'valid_from',
            'valid_until', 'is_on', 'note')),
        Source('dsgvo.erasure.period', (
            'display_name', 'duration', 'unit', 'is_on', 'previewed_on', 'company_id')),
    ]),
}
