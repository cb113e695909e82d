from odoo import models

from .origin import KEY, Origin


class IrActionsServer(models.Model):
    _inherit = 'ir.actions.server'

    def run(self):
        """Whatever a server action or an automation rule sends, nobody wrote it.

        A job also delivers what people wrote, but it presses no button.
        """
        # sudo: ir.actions.server - only its use is read; `run` decides who may use it
        is_job = all(action.usage == 'ir_cron' for action in self.sudo())
        origin = Origin(by_hand=False, automated=not is_job)
        return super(IrActionsServer, self.with_context(**{KEY: origin})).run()
