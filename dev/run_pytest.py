"""Run pytest on the addon, from the folder that Odoo loads it from, for example

    python dev/run_pytest.py -c dev/pytest.ini -k word tests/consent

pytest names a module after its folder, which in the checkout is not called like the addon.
"""
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
ADDON = CHECKOUT / '.dev/addons/dsgvo'
EXAMPLES = CHECKOUT / 'dev/example'  # Odoo loads them from there


class AddonPaths:
    """Turns paths in the checkout into paths of the addon; without a path, all tests are meant.

    pytest has read the command line by then: the value of an option is not among the paths.
    """

    def pytest_configure(self, config):
        paths = config.args
        if config.args_source is not pytest.Config.ArgsSource.ARGS:
            paths = [str(CHECKOUT / 'tests')]
        config.args = [self._get_path_in_addon(path) for path in paths]

    def _get_path_in_addon(self, argument):
        path, colons, test = argument.partition('::')
        absolute = Path.cwd() / path
        if not absolute.exists() or not absolute.is_relative_to(CHECKOUT):
            return argument
        if absolute.is_relative_to(EXAMPLES):
            return f'{absolute}{colons}{test}'
        return f'{ADDON / absolute.relative_to(CHECKOUT)}{colons}{test}'


if __name__ == '__main__':
    sys.exit(pytest.main(sys.argv[1:], plugins=[AddonPaths()]))
