from odoo.fields import Command
from odoo.tests import tagged

from .common import GateCommon


@tagged('post_install', '-at_install')
class TestAddresses(GateCommon):
    """A mailing reaches the address of who consented, whatever stands on the document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_marketing.group_ids += (
            cls.env.ref('point_of_sale.group_pos_user')
            + cls.env.ref('sales_team.group_sale_salesman_all_leads')
            + cls.env.ref('base.group_erp_manager'))
        cls.session = cls.env['pos.session'].create({
            'config_id': cls.env['pos.config'].create({'name': "Kasse"}).id})
        cls.without_email = cls._create_customer(name="Ohne", email=False, phone=False)
        cls.without_email.consent_marketing = 'granted'

    def _till_order(self, **values):
        amounts = dict.fromkeys(['amount_tax', 'amount_total', 'amount_paid', 'amount_return'], 0)
        order = self.env['pos.order'].create({'session_id': self.session.id, **amounts})
        order.write(values)
        return order

    def _is_reached(self, record, mailing_type='mail'):
        """Send a mailing on the record; return to whom something left."""
        mailing = self._create_mailing(record, mailing_type)
        self._send(mailing)
        traces = mailing.sudo().mailing_trace_ids
        return [trace.sms_number if mailing_type == 'sms' else trace.email for trace in traces]

    def test_address_on_a_till_receipt_is_not_the_customer(self):
        """Anybody's address stands there: to whom the receipt was mailed."""
        for email in ('freund@fremd.example', self.refused.email, self.unasked.email):
            order = self._till_order(partner_id=self.without_email.id, email=email)
            self.assertEqual(self._is_reached(order), [])
        order = self._till_order(partner_id=self.without_email.id, email=self.granted.email)
        self.assertEqual(self._is_reached(order), [self.granted.email])

    def test_address_of_the_customer_goes_before_the_one_on_the_receipt(self):
        order = self._till_order(partner_id=self.granted.id, email='freund@fremd.example')
        self.assertEqual(self._is_reached(order), [self.granted.email])

    def test_address_of_somebody_who_agreed_does_not_speak_for_the_customer(self):
        for customer in self.refused, self.unasked:
            order = self._till_order(partner_id=customer.id, email=self.granted.email)
            self.assertEqual(self._is_reached(order), [])

    def test_number_on_a_till_receipt_is_not_the_customer(self):
        order = self._till_order(partner_id=self.granted.id, mobile='+49 30 999999')
        self.assertEqual(self._is_reached(order, 'sms'), [])
        order.mobile = self.granted.phone
        self.assertEqual(self._is_reached(order, 'sms'), [self.granted.phone_sanitized])

    def test_all_customers_of_a_document_must_agree(self):
        Order = self.registry['sale.order']
        self.patch(Order, '_mail_get_partner_fields', lambda self, introspect_fields=False: [
            'partner_id', 'partner_invoice_id', 'partner_shipping_id'])
        for others, reached in [
            (self.granted, True), (self.refused, False), (self.unasked, False),
        ]:
            order = self.env['sale.order'].create({
                'partner_id': self.granted.id, 'partner_shipping_id': others.id,
                'partner_invoice_id': self.granted.id})
            self.assertEqual(bool(self._is_reached(order)), reached, others.name)

    def test_record_without_customer_is_decided_by_its_address(self):
        for email, reached in [
            (self.granted.email, True), (self.refused.email, False), ('fremd@x.example', False),
            (False, False),
        ]:
            self.assertEqual(bool(self._is_reached(self._till_order(email=email))), reached)

    def test_address_is_the_same_however_its_domain_and_accents_are_written(self):
        for stored, written in (
                ('ute@bücher.example', 'ute@xn--bcher-kva.example'),
                ('ina@xn--mller-kva.example', 'Ina@MÜLLER.example'),
                ('ida@straße.example', 'ida@xn--strae-oqa.example'),
                ('ünal@berg.example', 'u\u0308nal@berg.example')):
            for one, other in (stored, written), (written, stored):
                customer = self._create_customer(name="Ute", email=one)
                for decision, state in ('granted', 'outgoing'), ('refused', 'cancel'):
                    customer.consent_marketing = decision
                    mail = self.env['mail.mail'].create(
                        {'email_to': other, 'subject': "Neu", 'body_html': "Neu"})
                    with self.subTest(one=one, other=other, decision=decision):
                        self.assertEqual(mail.state, state)
                customer.email = False

    def test_unsubscribing_reaches_who_has_the_address_in_another_spelling(self):
        customer = self._create_customer(name="Ute", email='ute@bücher.example')
        customer.consent_marketing = 'granted'
        self.env['mail.blacklist']._add('ute@xn--bcher-kva.example')
        self.assertEqual(customer.consent_marketing, 'refused')

    def test_one_who_shares_the_address_refused(self):
        self._create_customer(name="Hans", email=self.granted.email).consent_marketing = 'refused'
        order = self._till_order(partner_id=self.without_email.id, email=self.granted.email)
        self.assertEqual(self._is_reached(order), [])

    def test_mailing_and_template_decide_alike_on_a_shared_address(self):
        """A contact decides for itself; for the address alone decide all who have it."""
        spouse = self._create_customer(name="Hans", email=self.granted.email)
        spouse.consent_marketing = 'refused'
        listed = self._create_mailing_contacts(self.granted.email)
        for record, reached in (self.granted, True), (spouse, False), (listed, False):
            template = self.env['mail.template'].create({
                'name': "Neu", 'model_id': self.env['ir.model']._get_id(record._name),
                'subject': "Neu", 'body_html': "Neu", 'use_default_to': True})
            with self.subTest(record=record):
                self.assertEqual(bool(self._is_reached(record)), reached)
                self.assertEqual(bool(template.send_mail(record.id)), reached)
        for address in (self.granted.email, self.granted.email_formatted):
            self.assertFalse(self.env['mail.mail'].create({'email_to': address}).id)

    def test_archived_customer_gives_no_consent(self):
        order = self._till_order(partner_id=self.granted.id)
        self.granted.active = False
        self.assertEqual(self._is_reached(order), [])

    def test_logins_are_decided_by_their_contact(self):
        users = self.env['res.users'].with_context(no_reset_password=True).create([
            {'login': contact.name, 'partner_id': contact.id,
             'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]}
            for contact in self.contacts])
        kept = users._dsgvo_filter_marketing('mail')
        self.assertEqual(kept.partner_id, self.granted)

    def test_mailing_contact_on_several_lists_is_decided_once(self):
        lists = self.env['mailing.list'].create([{'name': "Krimis"}, {'name': "Reise"}])
        contacts = self._create_mailing_contacts(
            self.granted.email, self.unasked.email, list_ids=[Command.set(lists.ids)])
        self.assertEqual(self._is_reached(contacts), [self.granted.email])
