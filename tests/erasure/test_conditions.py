from odoo import Command
from odoo.tests import tagged

from .common import ShopCommon

GIFT = "[('client_order_ref', '=', 'Geschenk')]"
POST, BIKE = ("[('origin', '=', 'Post')]", "[('origin', '=', 'Rad')]")


@tagged('post_install', '-at_install')
class TestConditions(ShopCommon):
    """Conditions of rules for links, and what certificates count by them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env['dsgvo.data.rule'].sudo()
        cls.somebody = cls._create_customer(
            name="Balthasar Ohlendorf", email='balthasar@ohlendorf.example',
            phone='+49 30 771234', street="Ginstergasse 4")
        cls.anonymous = cls.env.company.dsgvo_anonymous_partner_id

    def _rule(self, **values):
        return self.Rule.create({
            'model': 'stock.picking', 'field': 'partner_id', 'reached_by': 'partner_id',
            'erase': 'detach', 'category': 'delivery'} | values)

    def _transfer(self, origin):
        kind = self.config.picking_type_id
        transfer = self.env['stock.picking'].sudo().create({
            'picking_type_id': kind.id, 'partner_id': self.customer.id, 'origin': origin,
            'location_id': kind.default_location_src_id.id, 'note': "Klingeln",
            'location_dest_id': kind.default_location_dest_id.id})
        transfer.state = 'done'
        return transfer

    def _erase(self, **values):
        self._sell(self._order(), **values)
        self._run_cron()
        erasure = self._erasure() or self.env['dsgvo.erasure'].sudo().search([], limit=1)
        self.assertEqual(erasure.state, 'restricted' if values else 'done')
        return erasure

    def test_condition_is_read_before_another_rule_empties_its_text(self):
        self.Rule.search([
            ('model', '=', 'sale.order'), ('field', '=', 'partner_shipping_id'),
            ('erase', '=', 'replace')]).unlink()
        self._rule(model='sale.order', field='partner_shipping_id', domain=GIFT,
                   reached_by='partner_shipping_id', erase='replace', category='order')
        gift, other = (self._order(client_order_ref=text) for text in ("Geschenk", "Abholung"))
        (gift | other).sudo()._action_cancel()
        self._erase(to_invoice=True)
        self.assertEqual([order.client_order_ref for order in (gift, other)], [False, False])
        self.assertEqual([order.partner_shipping_id for order in (gift, other)],
                         [self.anonymous, self.customer])

    def test_condition_counts_for_links_to_many(self):
        self.Rule.search([
            ('model', '=', 'mail.message'), ('field', '=', 'partner_ids')]).unlink()
        self._rule(model='mail.message', field='partner_ids', reached_by='partner_ids',
                   category='message', domain="[('subject', 'like', 'Quittenbaum')]")
        messages = self.env['mail.message'].sudo().create([
            {'model': 'res.partner', 'res_id': self.somebody.id, 'subject': subject,
             'partner_ids': [Command.set((self.customer | self.somebody).ids)]}
            for subject in ("Für Adelheid Quittenbaum", "Lesekreis")])
        self._erase(to_invoice=True)
        messages = messages.with_context(active_test=False)  # the law keeps the customer archived
        self.assertEqual([message.subject for message in messages], ["Für …", "Lesekreis"])
        self.assertEqual([set(message.partner_ids) for message in messages], [
            {self.somebody}, {self.customer, self.somebody}])

    def test_each_rule_of_a_column_treats_its_own_rows(self):
        for number, order in enumerate(((1, 2), (2, 1))):
            with self.subTest(order=order):
                self.customer = self._create_customer(name=f"Cäcilie Immenhof {number}")
                self.Rule.search([
                    ('model', '=', 'stock.picking'), ('field', '=', 'partner_id')]).unlink()
                self._rule(domain=POST, sequence=order[0])
                self._rule(domain=BIKE, erase='replace', sequence=order[1])
                posted, cycled = map(self._transfer, ('Post', 'Rad'))
                self._erase()
                self.assertEqual([posted.partner_id, cycled.partner_id],
                                 [self.env['res.partner'], self.anonymous])

    def test_rule_without_a_condition_takes_what_others_leave(self):
        self._rule(domain=POST, sequence=99)
        posted, cycled = map(self._transfer, ('Post', 'Rad'))
        self._erase()
        self.assertEqual([posted.partner_id, cycled.partner_id],
                         [self.env['res.partner'], self.anonymous])

    def test_last_rule_takes_what_no_condition_is_for(self):
        self.Rule.search([
            ('model', '=', 'stock.picking'), ('field', '=', 'partner_id')]).unlink()
        self._rule(domain=POST, sequence=1)
        self._rule(domain=BIKE, erase='replace', sequence=2)
        rest = self._transfer('Hand')
        self._erase()
        self.assertEqual(rest.partner_id, self.anonymous)

    def test_rule_that_keeps_its_rows_keeps_them_from_the_others(self):
        """Of a customer whom the law keeps, the rule without a condition gets only the rest."""
        self.Rule.search([
            ('model', '=', 'stock.picking'), ('field', '=', 'partner_id')]).unlink()
        self._rule(domain=POST, kept_while_held=True)
        self._rule(erase='replace', sequence=1)
        posted, cycled = map(self._transfer, ('Post', 'Rad'))
        self._erase(to_invoice=True)
        self.assertEqual([posted.partner_id, cycled.partner_id],
                         [self.customer, self.anonymous])

    def test_condition_that_all_or_no_rows_fulfil_is_one(self):
        """Odoo leaves nothing of such a condition, which is no reason to stop the erasure."""
        everybody = ("[('picking_type_id', '!=', False)]", "[('id', '!=', False)]",
                     "['|', ('name', '=', False), ('name', '!=', False)]",
                     "[('origin', 'ilike', '')]")
        nobody = "[('id', 'in', [])]", "[('origin', 'not ilike', '')]"
        for condition in (*everybody, *nobody):
            with self.subTest(condition):
                self.customer = self._create_customer()
                self.Rule.search([('model', '=', 'stock.picking')]).unlink()
                self._rule(field='note', erase='clear', domain=condition)
                self._rule(erase='replace', domain=condition, sequence=1)
                self._rule(sequence=2)
                transfer = self._transfer('Post')
                self._erase()
                self.assertFalse(self.customer.exists())
                self.assertEqual(
                    (bool(transfer.note), transfer.partner_id),
                    (True, self.env['res.partner']) if condition in nobody
                    else (False, self.anonymous))

    def test_rows_of_both_conditions_are_counted(self):
        self.Rule.search([('model', '=', 'stock.picking')]).unlink()
        for condition in POST, BIKE:
            self._rule(field='note', erase='clear', domain=condition)
        transfers = [self._transfer(origin) for origin in ('Post', 'Rad', 'Rad', 'Hand')]
        erasure = self._erase()
        self.assertEqual(erasure.certificate['removed']['stock.picking'], 3)
        self.assertEqual([bool(transfer.note) for transfer in transfers], [False] * 3 + [True])

    def test_rows_that_stay_by_both_conditions_are_counted(self):
        self.Rule.search([('model', '=', 'stock.picking')]).unlink()
        for condition in POST, BIKE:
            self._rule(field='note', erase='clear', domain=condition, kept_while_held=True)
        for origin in 'Post', 'Rad', 'Rad', 'Hand':
            self._transfer(origin)
        kept = {line['model']: line['rows']
                for line in self._erase(to_invoice=True).certificate['kept']}
        self.assertEqual(kept['stock.picking'], 3)

    def test_documents_are_counted_by_the_law_that_keeps_them(self):
        """Laws keep orders of one customer by conditions: one order by two laws, one by none."""
        self.Rule.search([('model', '=', 'sale.order'), ('erase', '=', 'hold')]).unlink()
        laws = {"§ 257 HGB": ('Brief',), "§ 1 X": ('Fax',), "§ 2 X": ('Fax', 'Brief')}
        for law, refs in laws.items():
            self._rule(model='sale.order', erase='hold', category='order', basis=law,
                       retention_years=6, retention_start='date_order', sequence=21,
                       domain=f"[('client_order_ref', 'in', {refs})]")
        for ref in 'Brief', 'Fax', 'Fax', 'Zettel':
            self._order(client_order_ref=ref).sudo()._action_cancel()
        erasure = self._erase(to_invoice=True)
        kept = {line['basis']: line['rows'] for line in erasure.certificate['kept']
                if line['model'] == 'sale.order'}
        self.assertEqual(kept, {"§ 2 X, § 257 HGB": 1, "§ 1 X, § 2 X": 2})
