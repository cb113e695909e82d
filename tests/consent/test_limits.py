from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...models.consent.limits import LONGEST
from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestLimits(DsgvoCommon):
    """No period is so long that a date or a column cannot hold it."""

    def _get_settings(self):
        """Yield `(records, field, unit)` of all periods that an officer enters."""
        company = self.env.company.with_user(self.officer)
        for reason in ('checkout', 'withdrawal', 'request', 'retention', 'expiry'):
            yield company, f'dsgvo_grace_{reason}', 'days'
        for purpose in ('storage', 'notification', 'marketing'):
            yield company, f'dsgvo_validity_{purpose}', 'months'
        vouchers = self.env.ref('dsgvo.retention_vouchers').with_user(self.officer)
        yield vouchers, 'years', 'years'
        yield vouchers, 'days', 'days'
        yield self.env.ref('dsgvo.deadline_breach').with_user(self.officer), 'hours', 'hours'
        yield self.env['dsgvo.data.rule'].with_user(self.officer).search(
            [('retention_id', '=', False)], limit=1), 'retention_years', 'years'
        period = self.env['dsgvo.erasure.period'].with_user(self.officer).search(
            [('company_id', '=', company.id)], limit=1)
        for unit in ('days', 'months', 'years'):
            period.write({'duration': 1, 'unit': unit})
            yield period, 'duration', unit

    def test_longest_period_is_taken_and_nothing_above(self):
        for record, name, unit in self._get_settings():
            with self.subTest(model=record._name, field=name, unit=unit):
                record[name] = LONGEST[unit]
                self.env.flush_all()
                for number in (LONGEST[unit] + 1, 2**31):
                    with self.assertRaisesRegex(
                            ValidationError, f"{LONGEST[unit]} at most"), self.cr.savepoint():
                        record[name] = number
                self.assertEqual(record[name], LONGEST[unit])

    def test_longest_number_counts_in_its_unit(self):
        period = self.env['dsgvo.erasure.period'].with_user(self.officer).search([], limit=1)
        period.write({'duration': 1000, 'unit': 'days'})
        with self.assertRaises(ValidationError):
            period.unit = 'years'

    def test_new_deadline_has_the_same_limit(self):
        with self.assertRaisesRegex(ValidationError, "Hours.*10000 at most"):
            self.env['dsgvo.deadline'].with_user(self.officer).create({
                'kind': 'breach', 'hours': 10**8, 'valid_from': '2026-03-01', 'basis': "Omnibus"})

    def test_breach_has_a_deadline_by_the_longest_one(self):
        self.env.ref('dsgvo.deadline_breach').hours = LONGEST['hours']
        breach = self.env['dsgvo.breach'].with_user(self.officer).create({'name': "Liste"})
        self.assertEqual(
            (breach.deadline - breach.noticed_on).total_seconds(), LONGEST['hours'] * 3600)
