from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestAddressCompletion(OfficerCommon):
    """Typed names leave the shop only where the officer has switched that on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.registry['iap.autocomplete.api']
        cls.steps = cls.env['dsgvo.first.steps'].with_user(cls.officer).create({})

    def _type(self):
        """Return what is sent to the service while the clerk types."""
        Partner, sent = self.env['res.partner'].with_user(self.clerk), []

        def send(_api, action, params, timeout=15):
            sent.extend(params[name] for name in (
                'query', 'duns', 'gst', 'domain') if name in params)
            return False, 'Insufficient Credit'

        vies = 'odoo.addons.partner_autocomplete.models.res_partner.check_vies'
        with patch.object(self.api, '_request_partner_autocomplete', send), patch(
                vies, lambda *_args, **_options: None):
            results = [Partner.autocomplete_by_name("Adelheid", 0),
                       Partner.autocomplete_by_vat("DE129273398", 0)]
            for kind in 'duns', 'gst', 'domain':
                getattr(Partner, f'enrich_by_{kind}')(f"a {kind}")
        self.assertEqual(results, [[], []])
        return sent

    def test_is_off_until_the_officer_switches_it_on(self):
        self.assertEqual((self._type(), self.steps.completion), ([], 'off'))
        self.steps.action_completion_on()
        self.steps.invalidate_recordset()
        self.assertEqual(
            (self._type(), self.steps.completion),
            (["Adelheid", "DE129273398", "a duns", "a gst", "a domain"], 'on'))
        self.steps.action_completion_off()
        self.assertEqual(self._type(), [])

    def test_clerk_does_not_switch_it_on(self):
        with self.assertRaises(AccessError):
            self.steps.with_user(self.clerk).action_completion_on()

    def test_service_is_a_recipient_of_those_typed_while_it_was_in_use(self):
        account = self.env['iap.account'].sudo().create({
            'service_id': self.env.ref('partner_autocomplete.iap_service_partner_autocomplete').id})
        account.account_token = 'used'
        for is_on, moment, found in (
                (False, fields.Datetime.now(), []),
                (False, '2020-01-01 00:00:00', ['completion']),
                (True, fields.Datetime.now(), ['completion'])):
            with self.subTest(is_on=is_on, moment=moment):
                self.env['res.partner']._dsgvo_complete_addresses(is_on)
                customer = self._create_customer(name="Bert Ohlendorf", email=False, phone=False)
                self.env.flush_all()
                self.env.cr.execute("UPDATE res_partner SET create_date = %s WHERE id = %s",
                                    [moment, customer.id])
                self.env.invalidate_all()
                if not is_on:  # after the customer was typed in
                    self.env['ir.config_parameter'].sudo().set_param(
                        'dsgvo.partner_autocomplete_off_since', '2024-01-01 00:00:00')
                self.env['dsgvo.erasure']._enqueue(customer, 'request', self.env.company)
                erasure = self._erasure(customer)
                erasure._process()
                self.assertEqual(erasure.recipient_ids.mapped('kind'), found)
