import random
from contextlib import closing

from odoo import Command
from odoo.tests import tagged

from odoo.addons.dsgvo.models.erasure.engine import ErasureEngine

from .common import ShopCommon

NAMES = ("Adelheid Quittenbaum", "Balthasar Ohlendorf", "Cäcilie Immenhof", "Dietmar Wunderlich",
         "Elfriede Sonnenschein")


@tagged('post_install', '-at_install')
class TestSharedRows(ShopCommon):
    """A certificate says the same, whoever else is erased in the same batch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.persons = cls.env['res.partner'].union(*(
            cls._create_customer(
                name=name, email=f'leser{number}@{name.split()[1].lower()}.example',
                phone=f'+49 30 90182{number}', street=f"Holunderweg {number + 3}")
            for number, name in enumerate(NAMES)))
        cls.first, cls.second, *_others = cls.persons
        cls.Rule = cls.env['dsgvo.data.rule'].sudo()

    def _erase(self, persons):
        """Erase persons; return for each what the certificate is made of."""
        self.env.flush_all()
        anonymous = self.env.company.dsgvo_anonymous_partner_id.id
        with self.enter_registry_test_mode():
            erased = ErasureEngine(
                self.env(su=True), [(person.id, anonymous) for person in persons]).run()
        self.env.invalidate_all()
        return {person: {
            'removed': data.removed, 'deleted': data.deleted, 'until': data.until,
            'kept': sorted(map(str, data.kept)), 'recipients': sorted(data.recipients, key=str),
            'sought': sorted(data.sought), 'searched': data.searched,
        } for person, data in zip(persons, erased, strict=True)}

    def _try(self, persons):
        with closing(self.env.cr.savepoint()):
            certificates = self._erase(persons)
        self.env.invalidate_all()
        return certificates

    def _assert_same_alone(self, persons):
        """Assert that each of the persons gets the certificate of the batch if erased alone."""
        together = self._try(persons)
        for person in persons:
            with self.subTest(person=person.name, of=len(persons)):
                self.assertEqual(together[person], self._try(person)[person])
        return together

    def _rule(self, **values):
        return self.Rule.create({
            'model': 'sale.order', 'erase': 'clear', 'category': 'order', 'sequence': 19} | values)

    # === EVERYDAY ROWS === #

    def _chat(self, *persons):
        channel = self.env['discuss.channel'].sudo().create({
            'name': "Lesekreis", 'channel_type': 'group',
            'channel_member_ids': [
                Command.create({'partner_id': person.id}) for person in persons]})
        self.env.flush_all()
        self.env.cr.execute(  # whoever creates a chat is one of the two in it
            "UPDATE discuss_channel SET channel_type = 'chat' WHERE id = %s", channel.ids)
        channel.invalidate_recordset()
        for person in persons:
            self._write_message(person, channel)
        return channel

    def _write_message(self, author, record, **values):
        return self.env['mail.message'].sudo().create({
            'model': record._name, 'res_id': record.id, 'author_id': author.id,
            'message_type': 'comment',
            'body': f"<p>Gruß, {author.name}, {author.street}</p>"} | values)

    def _order_for(self, buyer, receiver, **values):
        order = self._order(
            customer=buyer, partner_shipping_id=receiver.id, partner_invoice_id=buyer.id,
            note=f"<p>Für {receiver.name} von {buyer.name}</p>", **values)
        order.sudo().origin = f"{receiver.name}, {receiver.street}"
        return order

    def test_chat_of_two_is_counted_for_both(self):
        self._chat(self.first, self.second)
        for certificate in self._assert_same_alone(self.first | self.second).values():
            self.assertEqual(certificate['deleted']['discuss.channel'], 1)
            self.assertEqual(certificate['deleted']['mail.message'], 2)

    def test_message_is_counted_for_its_author_and_for_the_record_it_is_on(self):
        self._write_message(self.first, self.second)
        found = self._assert_same_alone(self.first | self.second)
        self.assertEqual(
            [found[person][part].get('mail.message', 0) for person in (self.first, self.second)
             for part in ('removed', 'deleted')], [1, 0, 1, 1])

    def test_order_delivered_to_another_one_is_counted_for_both(self):
        order = self._order_for(self.first, self.second)
        found = self._assert_same_alone(self.first | self.second)
        for person in self.first, self.second:
            self.assertEqual(found[person]['removed']['sale.order'], 1)
            self.assertEqual(found[person]['removed']['sale.order.line'], 1)
        self._erase(self.first | self.second)
        self.assertFalse(order.note)
        self.assertNotIn("Ohlendorf", order.origin or "")

    def test_order_that_names_several_is_written_once(self):
        other = self.env['res.company'].create({'name': "Andere Buchhandlung"})
        stays = self.persons[2]
        orders = self._order_for(self.first, self.second) | self._order_for(self.second, stays)
        orders = orders.sudo() | orders.sudo().create({
            'company_id': other.id, 'partner_id': self.first.id, 'note': "Eilt",
            'partner_invoice_id': stays.id, 'partner_shipping_id': self.second.id})
        self.env.flush_all()
        self.env.cr.execute("""
            CREATE TABLE dsgvo_test_written (id int);
            CREATE FUNCTION dsgvo_test_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO dsgvo_test_written VALUES (NEW.id); RETURN NEW; END $$;
            CREATE TRIGGER dsgvo_test_note BEFORE UPDATE ON sale_order FOR EACH ROW
              EXECUTE FUNCTION dsgvo_test_note()""")
        self._erase(self.first | self.second)
        anonymous = (self.env.company | other).dsgvo_anonymous_partner_id
        columns = ['partner_id', 'partner_invoice_id', 'partner_shipping_id']
        self.assertEqual([[order[name] for name in columns] for order in orders], [
            [anonymous[0]] * 3, [anonymous[0], anonymous[0], stays],
            [anonymous[1], stays, anonymous[1]]])
        self.env.cr.execute("SELECT id FROM dsgvo_test_written ORDER BY id")
        self.assertEqual([row_id for row_id, in self.env.cr.fetchall()], orders.ids)

    def test_row_that_goes_with_one_is_only_taken_out_of_for_the_other(self):
        self._rule(field='reference', reached_by='partner_invoice_id')
        self._rule(model='sale.order.line', field='id', reached_by='order_partner_id',
                   erase='delete')
        self._rule(model='sale.order.line', field='id', reached_by='order_id', erase='keep')
        order = self._order(customer=self.first, partner_invoice_id=self.second.id)
        order.sudo()._action_cancel()
        found = self._try(self.first | self.second)
        self.assertEqual(
            [found[person][part].get('sale.order.line', 0) for person in (self.first, self.second)
             for part in ('removed', 'deleted')], [1, 1, 1, 0])
        alone = self._try(self.second)[self.second]
        # Only rows that are left can be searched.
        self.assertEqual(alone.pop('searched'), found[self.second].pop('searched') + 1)
        self.assertEqual(alone, found[self.second])

    def test_text_of_two_persons_loses_both(self):
        tag = self.env['res.partner.category'].create({
            'name': "Ohlendorf und Adelheid Quittenbaum",
            'partner_ids': [Command.set((self.first | self.second).ids)]})
        self.Rule.search([('model', '=', 'res.partner.category')]).unlink()
        self._rule(model='res.partner.category', field='name', reached_by='partner_ids',
                   erase='redact')
        found = self._assert_same_alone(self.first | self.second)
        for person in self.first, self.second:
            self.assertEqual(found[person]['removed']['res.partner.category'], 1)
        self._erase(self.first | self.second)
        self.assertEqual(tag.name, "… und …")

    def test_each_of_a_batch_is_certified_as_if_erased_alone(self):
        for seed in range(4):
            with self.subTest(seed=seed), closing(self.env.cr.savepoint()):
                choose = random.Random(seed)
                persons = choose.sample(list(self.persons), choose.randint(2, 5))
                pairs = [choose.sample(persons, 2) for _time in range(6)]
                self._chat(*persons[:2])
                for one, other in pairs[:3]:
                    self._write_message(one, other, partner_ids=[Command.set(persons[0].ids)])
                orders = [self._order_for(one, other) for one, other in pairs[2:4]]
                for order, (one, other) in zip(orders, pairs[4:], strict=True):
                    self._write_message(other, order)
                    self.env['ir.attachment'].sudo().create({
                        'name': f"{one.name}.txt", 'raw': b'x', 'res_model': order._name,
                        'res_id': order.id})
                self._sell(orders[0], to_invoice=choose.random() < 0.5)
                self._assert_same_alone(self.env['res.partner'].union(*persons))
            self.env.invalidate_all()
