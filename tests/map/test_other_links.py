from contextlib import closing
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.dsgvo.models.erasure import engine
from odoo.addons.dsgvo.models.erasure.engine import ErasureEngine

from ..erasure.common import ShopCommon

TEXT, LEFT = "Für Adelheid Quittenbaum, 4 Stück", "Für …, 4 Stück"


@tagged('post_install', '-at_install')
class TestOtherLinks(ShopCommon):
    """Rows that are somebody else's, or nobody's, and hang on the customer by a further link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour = cls._create_customer(
            name="Balthasar Ohlendorf", email='balthasar@ohlendorf.example', phone='+49 30 771234',
            street="Ginstergasse 4")
        attribute = cls.env['product.attribute'].create({
            'name': "Gravur", 'create_variant': 'no_variant',
            'value_ids': [Command.create({'name': "Text", 'is_custom': True})]})
        cls.engraving = cls.env['product.template.attribute.line'].create({
            'product_tmpl_id': cls.book.product_tmpl_id.id, 'attribute_id': attribute.id,
            'value_ids': attribute.value_ids.ids}).product_template_value_ids

    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.sale = self._sell(self.order)
        self.others_sale = self._sell(self._order(customer=self.neighbour))
        self._erasure(self.neighbour).unlink()

    def _erase(self):
        self._run_cron()
        erasure = self.env['dsgvo.erasure'].sudo().search([], limit=1)
        self.assertEqual((erasure.state, erasure.blocker), ('done', False))
        self.assertFalse(self.customer.exists())

    def _create(self, model, **values):
        """Create a row as somebody else, or another addon, may have left it."""
        return self.env[model].sudo().create(values)

    def _engrave(self, **values):
        return self._create(
            'product.attribute.custom.value', custom_value="Meiner Oma zum Achtzigsten",
            custom_product_template_attribute_value_id=self.engraving.id, **values)

    def _transfer(self, **values):
        """Return a transfer to somebody else, without goods."""
        kind = self.config.picking_type_id
        transfer = self._create(
            'stock.picking', picking_type_id=kind.id, partner_id=self.neighbour.id,
            location_id=kind.default_location_src_id.id, note=TEXT, origin=TEXT,
            location_dest_id=kind.default_location_dest_id.id)
        transfer.write({'state': 'done'} | values)
        return transfer

    def _write(self, kind='mail.message', **values):
        return self.env[kind].create({
            'model': 'res.partner', 'res_id': self.neighbour.id, 'body': TEXT, 'subject': TEXT,
        } | values)

    def _mail(self, **values):
        """Queue a mail that left the gate before the customer refused."""
        mail = self._create('mail.mail', email_to='office@verlag.example', body_html=TEXT)
        mail.write(values)
        return mail

    def test_engraving_goes_whatever_it_says(self):
        values = self._engrave(pos_order_line_id=self.sale.lines.id) | self._engrave(
            sale_order_line_id=self.order.order_line.id)
        others = self._engrave(pos_order_line_id=self.others_sale.lines.id)
        self._erase()
        self.assertEqual(values.mapped('custom_value'), [False, False])
        self.assertEqual(others.custom_value, "Meiner Oma zum Achtzigsten")

    def test_engraving_goes_from_the_lines_that_repeat_it(self):
        text = "Meiner Oma zum Achtzigsten"
        for line, name in (
                (self.sale.lines, 'full_product_name'), (self.order.order_line, 'name'),
                (self.others_sale.lines, 'full_product_name')):
            self._engrave(**{
                'pos_order_line_id' if name != 'name' else 'sale_order_line_id': line.id})
            line.sudo()[name] = f"Der Zauberberg (Gravur: {text})"
        self._erase()
        self.assertEqual(self.sale.lines.full_product_name, "Der Zauberberg (Gravur: …)")
        self.assertEqual(self.order.order_line.name, "Der Zauberberg (Gravur: …)")
        self.assertEqual(self.others_sale.lines.full_product_name,
                         f"Der Zauberberg (Gravur: {text})")

    def test_engraving_that_repeats_the_title_leaves_the_title(self):
        title, text = "Faust: Eine Tragödie", "Eine Tragödie"
        self.book.sudo().name = title
        line = self.order.order_line.sudo()
        self._engrave(sale_order_line_id=line.id).custom_value = text
        for written, left in (
                (f"{title}\nGravur: Text: {text}", f"{title}\nGravur: Text: …"),
                (title, title)):
            with self.subTest(written=written), closing(self.env.cr.savepoint()):
                line.name = written
                self._erase()
                self.assertEqual(line.name, left)

    def test_engraving_that_names_the_customer_goes_whole(self):
        line = self.order.order_line.sudo()
        self._engrave(sale_order_line_id=line.id).custom_value = TEXT
        line.name = f"Der Zauberberg\nGravur: Text: {TEXT}"
        self._erase()
        self.assertEqual(line.name, "Der Zauberberg\nGravur: Text: …")

    def test_payments_lose_the_name_and_keep_the_number(self):
        payment, others = self.sale.payment_ids.sudo(), self.others_sale.payment_ids.sudo()
        payment.write({'name': TEXT, 'payment_ref_no': '4711'})
        others.write({'name': TEXT, 'payment_ref_no': TEXT})
        self._erase()
        self.assertRecordValues(
            payment | others, [{'name': LEFT, 'payment_ref_no': '4711'},
                               {'name': TEXT, 'payment_ref_no': TEXT}])

    def test_notes_go_from_what_somebody_else_gave_back(self):
        line = self.others_sale.lines
        line.write({
            'refunded_orderline_id': self.sale.lines.id, 'customer_note': "Widmung: für Oma",
            'note': "Widmung", 'full_product_name': f"Der Zauberberg {TEXT}"})
        self._erase()
        self.assertRecordValues(line, [{
            'customer_note': False, 'note': False, 'full_product_name': f"Der Zauberberg {LEFT}"}])

    def test_parcel_to_somebody_else_names_the_customer_no_more(self):
        transfer = self.order.picking_ids[:1] or self.sale.picking_ids[:1]
        parcels = {
            way: self._transfer(**{way: target.id}) for way, target in (
                ('sale_id', self.order), ('pos_order_id', self.sale), ('backorder_id', transfer),
                ('return_id', transfer))}
        others = self._transfer()
        self._erase()
        for way, parcel in parcels.items():
            with self.subTest(way=way):
                self.assertRecordValues(parcel, [{
                    'origin': LEFT, 'note': f'<p>{LEFT}</p>', 'partner_id': self.neighbour.id}])
        self.assertRecordValues(others, [{'origin': TEXT, 'note': f'<p>{TEXT}</p>'}])

    def test_order_of_somebody_else_names_its_recipient_no_more(self):
        for role in 'partner_shipping_id', 'partner_invoice_id':
            with self.subTest(role=role):
                recipient = self._create_customer(email='gift@quittenbaum.example')
                self.neighbour.sudo().consent_storage = 'granted'
                order = self._order(
                    customer=self.neighbour, **{role: recipient.id}, note=TEXT,
                    client_order_ref=TEXT)
                self._sell(order)
                self._run_cron()
                self.assertFalse(recipient.exists())
                self.assertRecordValues(order, [{
                    'partner_id': self.neighbour.id, 'note': f'<p>{LEFT}</p>',
                    'client_order_ref': LEFT}])

    def test_lines_of_an_order_of_somebody_else_name_its_recipient_no_more(self):
        for role in 'partner_shipping_id', 'partner_invoice_id':
            with self.subTest(role=role):
                recipient = self._create_customer(email='gift@quittenbaum.example')
                order = self._create('sale.order', partner_id=self.neighbour.id, **{
                    role: recipient.id, 'order_line': [
                        Command.create({'product_id': self.book.id, 'name': TEXT}),
                        *(Command.create({'display_type': kind, 'name': TEXT})
                          for kind in ('line_note', 'line_section'))]})
                order._action_cancel()
                self.env['dsgvo.erasure']._enqueue(recipient, 'manual', self.env.company)
                erasure = self._erasure(recipient)
                erasure.not_before = False
                self._run_cron()
                self.assertEqual((erasure.state, erasure.blocker), ('done', False))
                self.assertEqual(order.order_line.mapped('name'), [LEFT] * 3)
                self.assertEqual(order.partner_id, self.neighbour)

    def test_heading_in_the_customers_own_order_names_the_customer_no_more(self):
        self.order.sudo().order_line = [
            Command.create({'display_type': 'line_section', 'name': TEXT})]
        self._erase()
        self.assertEqual(self.order.order_line[-1].name, LEFT)

    def test_author_called_like_a_customer_of_the_same_run_stays(self):
        """In the order that a neighbour had sent to somebody else who goes."""
        author = self._create_customer(name="Thomas Mann", email='t@mann.example', phone=False)
        self.neighbour.sudo().consent_storage = 'granted'
        note = "Thomas Mann: Joseph und seine Brüder"
        order = self._order(
            customer=self.neighbour, partner_shipping_id=self.customer.id, note=note,
            client_order_ref=f"{TEXT}, {note}")
        self._sell(order)
        self._sell(self._order(customer=author))
        self._erase()
        self.assertFalse(author.exists())
        self.assertRecordValues(
            order, [{'note': f'<p>{note}</p>', 'client_order_ref': f"{LEFT}, {note}"}])

    def test_titles_of_the_lines_stay_in_the_note(self):
        title = "Adelheid Quittenbaum: Gedichte"
        self.book.sudo().name = title
        self.neighbour.sudo().consent_storage = 'granted'
        order = self._order(
            customer=self.neighbour, partner_shipping_id=self.customer.id,
            note=f"{title}, {TEXT}")
        self._sell(order)
        self._erase()
        self.assertEqual(order.note, f"<p>{title}, {LEFT}</p>")

    def test_each_recipient_of_one_message_goes_from_it(self):
        other = self._create_customer(name="Cordula Nierenstein", email='c@nieren.example')
        message = self._write(partner_ids=[Command.set((self.customer | other).ids)],
                              body="Cordula Nierenstein und Adelheid Quittenbaum")
        self._sell(self._order(customer=other))
        self._erase()
        self.assertEqual(message.body, "<p>… und …</p>")

    def test_mail_to_a_namesake_stays(self):
        mail = self._mail(email_to='"Adelheid Quittenbaum" <ada@anders.example>')
        self._erase()
        self.assertEqual(mail.email_to, '"Adelheid Quittenbaum" <ada@anders.example>')

    def test_mails_to_the_customer_name_the_customer_no_more(self):
        mail = self._mail(
            email_to=False, email_cc="adelheid@quittenbaum.example, b@ohlendorf.example",
            recipient_ids=[Command.set((self.customer | self.neighbour).ids)], subject=TEXT)
        copy = self._mail(email_cc='"Adelheid" <adelheid@quittenbaum.example>')
        gone = self._mail(email_to='adelheid@quittenbaum.example')
        self._erase()
        self.assertRecordValues(mail, [{
            'body_html': LEFT, 'email_cc': "…, b@ohlendorf.example",
            'recipient_ids': self.neighbour.ids}])
        self.assertRecordValues(
            copy, [{'body_html': LEFT, 'email_to': 'office@verlag.example'}])
        self.assertNotIn('quittenbaum', copy.email_cc)
        self.assertFalse(gone.exists())
        self.assertEqual(self._find_in_database("Quittenbaum"), {})

    def _note(self, **values):
        """Note that somebody was sent a message."""
        return self._create('mail.notification', mail_message_id=self._write().id, **values)

    def test_notes_of_what_was_sent_to_a_bare_address_or_number_go(self):
        """Odoo lets nobody empty them: a note needs a contact, an address or a failure."""
        email = {'notification_type': 'email', 'notification_status': 'sent'}
        hers = [self._note(**values) for values in (
            email | {'mail_email_address': self.customer.email},
            email | {'mail_email_address': self.customer.email,
                     'notification_status': 'bounce', 'failure_type': 'mail_bounce'},
            {'notification_type': 'sms', 'sms_number': self.customer.phone_sanitized})]
        others = [self._note(**values) for values in (
            email | {'mail_email_address': self.neighbour.email},
            {'notification_type': 'sms', 'sms_number': self.neighbour.phone_sanitized})]
        self._erase()
        self.assertFalse([note for note in hers if note.exists()])
        self.assertEqual([note for note in others if note.exists()], others)

    def test_note_of_what_was_sent_to_a_shared_address_stays(self):
        self.neighbour.email = self.customer.email
        note = self._note(notification_type='email', mail_email_address=self.customer.email)
        self._erase()
        self.assertTrue(note.exists())

    def test_sms_to_the_bare_number_goes(self):
        hers, others = (
            self._create('sms.sms', number=person.phone_sanitized, body="Neu", dsgvo_kind='duty')
            for person in (self.customer, self.neighbour))
        self._erase()
        self.assertFalse(hers.exists())
        self.assertTrue(others.exists())

    def test_messages_to_the_customer_name_the_customer_no_more(self):
        customer = self.customer.id
        hers = self._write(author_id=customer)
        messages = {
            'recipient': self._write(partner_ids=[Command.set([customer])],
                                     incoming_email_cc='adelheid@quittenbaum.example'),
            'notified': self._write(notification_ids=[Command.create(
                {'res_partner_id': customer, 'notification_type': 'email'})]),
            'answer': self._write(parent_id=hers.id),
            'her own': hers,
        }
        others = self._write()
        self._erase()
        for way, message in messages.items():
            with self.subTest(way=way):
                self.assertRecordValues(message, [{
                    'body': f'<p>{LEFT}</p>', 'subject': LEFT}])
        self.assertEqual(messages['recipient'].incoming_email_cc, "…")
        self.assertEqual(others.subject, TEXT)

    def test_messages_that_the_customer_wrote_are_read_in_parts(self):
        """However many and large they are: each is read once."""
        hers = [self._write(author_id=self.customer.id) for _number in range(3)]
        read = ErasureEngine._read_texts
        parts = []

        def note(engine, way, column, last_id):
            rows = read(engine, way, column, last_id)
            if way[:2] == ('mail.message', 'author_id') and rows:
                parts.append((column.code, [row_id for row_id, *_row in rows]))
            return rows
        with patch.object(engine, 'SIZE', 1), patch.object(ErasureEngine, '_read_texts', note):
            self._erase()
        for column in '"body"', '"subject"':
            self.assertEqual(
                [ids for name, ids in parts if name == column], [[row.id] for row in hers])
        for message in hers:
            self.assertRecordValues(message, [{'body': f'<p>{LEFT}</p>', 'subject': LEFT}])

    def test_what_is_still_to_be_sent_names_the_customer_no_more(self):
        scheduled = self._write(
            'mail.scheduled.message', author_id=self.env.user.partner_id.id,
            scheduled_date='2099-01-01', partner_ids=[Command.set(
                (self.customer | self.neighbour).ids)])
        about_her = self._write(
            model='sale.order', res_id=self.order.id)
        sms = self._create('sms.sms', mail_message_id=about_her.id, number='+4930771234', body=TEXT)
        notification = self._create(
            'dsgvo.notification', sale_order_id=self.order.id, partner_id=self.neighbour.id,
            company_id=self.env.company.id, notification_type='B', kind='available', body=TEXT)
        self._erase()
        self.assertRecordValues(scheduled, [{
            'body': f'<p>{LEFT}</p>', 'subject': LEFT, 'partner_ids': self.neighbour.ids}])
        self.assertEqual(sms.body, LEFT)
        self.assertIn(LEFT, notification.body)

    def test_goods_and_work_for_the_order_name_the_customer_no_more(self):
        kind = self.config.picking_type_id
        move = self._create(
            'stock.move', product_id=self.book.id, product_uom_qty=1,
            location_id=kind.default_location_src_id.id, description_picking_manual=TEXT,
            location_dest_id=kind.default_location_dest_id.id)
        move._action_cancel()
        move.sale_line_id = self.order.order_line
        work = self._create('account.analytic.line', name=TEXT, so_line=self.order.order_line.id)
        self._erase()
        self.assertEqual(move.description_picking_manual, LEFT)
        self.assertEqual(work.name, LEFT)
