from odoo.tests import tagged

from ..screen.test_every_model import TestEveryModel


@tagged('post_install', '-at_install', '-standard')
class TestEveryModelOfTheApps(TestEveryModel):
    """The same with all apps of Odoo."""
