from odoo import models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ..erasure.extensions import Check

_lt = LazyTranslate(__name__)


class DsgvoErasureBlocker(models.AbstractModel):
    _inherit = 'dsgvo.erasure.blocker'

    def _find_open_sales(self, subjects, company):
        """Find those whose special order a company has sold since it opened the register.

        :return: `({subject: [reasons]}, {subject: error})`; a subject whose check failed is in both
        """
        special_order = 'sale_order_origin_id'
        check = Check(
            'pos.order.line', _lt("The register is not closed yet"),
            ['order_id.partner_id', *(
                f'{special_order}.{name}'
                for name in ('partner_id', 'partner_invoice_id', 'partner_shipping_id'))],
            Domain(special_order, '!=', False)
            & Domain('company_id', '=', company.id)
            & Domain('order_id.session_id.state', '!=', 'closed')
            & Domain('order_id.state', 'not in', ('draft', 'cancel')))
        seen, failures = self._look(subjects, [check])
        reasons = {subject: [self._describe(*found) for found in seen[subject]] for subject in seen}
        reasons |= {subject: [self._describe_failure(*failed) for failed in failures[subject]]
                    for subject in failures}
        return reasons, {subject: failed[0][1] for subject, failed in failures.items()}
