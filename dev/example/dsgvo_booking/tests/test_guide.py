import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).resolve().parents[1]
GUIDE = ADDON.parents[2] / 'docs/EXTENDING.md'
FILES = ('models/*.py', 'data/*.csv', 'tests/test_booking.py')


@tagged('post_install', '-at_install')
class TestGuide(BaseCase):
    def test_every_block_of_the_guide_is_code_of_this_addon(self):
        code = '\n'.join(
            path.read_text() for pattern in FILES for path in sorted(ADDON.glob(pattern)))
        blocks = re.findall(r'^```\w+\n(.*?)^```$', GUIDE.read_text(), re.DOTALL | re.MULTILINE)
        self.assertTrue(blocks)
        for block in blocks:
            for part in block.split('\n\n    def '):
                with self.subTest(part=part):
                    self.assertIn(part.strip(), code)
