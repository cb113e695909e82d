from odoo import models

from .isolation import RunningJob, describe, without_jit, without_statements


class JobFailed(Exception):
    """A job of the addon failed; the message is the kind of the error."""


class IrCron(models.Model):
    _inherit = 'ir.cron'

    def _callback(self, cron_name, server_action_id):
        """Let no values into the log, where Odoo writes statement, message and traceback.

        This is for the jobs of the addon, whoever made them.
        """
        if not self.model_name.startswith('dsgvo.'):
            return super()._callback(cron_name, server_action_id)
        without_jit(self.env.cr)
        self._commit_progress()  # no batch that is rolled back takes it along
        try:
            job = self.with_context(dsgvo_job=RunningJob(self.id))
            with without_statements():
                return super(IrCron, job)._callback(cron_name, server_action_id)
        except Exception as error:
            # Odoo wraps errors that the code of a server action raises, and quotes them.
            is_wrapped = type(error) is ValueError and error.__context__
            origin = error.__context__ if is_wrapped else error
            raise JobFailed(describe(origin)).with_traceback(origin.__traceback__) from None
