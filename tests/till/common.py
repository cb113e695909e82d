from odoo.tests import new_test_user

from ..erasure.common import ShopCommon


class TillCommon(ShopCommon):
    """A shop whose cashier has no other right, and may have a branch with a till of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(
            cls.env, 'lone_cashier', company_id=cls.env.company.id,
            groups='point_of_sale.group_pos_user')

    @classmethod
    def _open_register(cls, config):
        """Open the register of a till; return its session."""
        config.open_ui()
        config.current_session_id.set_opening_control(0, None)
        return config.current_session_id

    def _open_branch(self):
        """Return the till, with an open register, of a branch at which the cashier works too."""
        company = self.env.company
        branch = self.env['res.company'].create({
            'name': "Branch", 'parent_id': company.id, 'country_id': company.country_id.id})
        self.env.cr.precommit.run()  # Odoo gives it the chart of accounts
        self.cashier.company_ids += branch
        config = self.env['pos.config'].with_company(branch).create({
            'name': "Till of the branch", 'company_id': branch.id})
        self._open_register(config)
        return config
