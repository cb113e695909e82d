import json
from pathlib import Path
from urllib.parse import urlsplit

AXE = Path(__file__).resolve().parents[2] / '.dev/node/node_modules/axe-core/axe.min.js'
HOST = 'walk.example'
# Width and height, and whether there is a finger in place of a mouse.
SIZES = {'1280x800': False, '1024x768': True, '800x1280': True}


class WalkMixin:
    """Gives a browser what the walk needs; nothing of it is part of the addon."""

    screens = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not AXE.exists():
            raise FileNotFoundError(f"{AXE} is missing: `dev/test --lint` fetches it.")

    def fetch_proxy(self, url):
        parts = urlsplit(url)
        if parts.hostname != HOST:
            return super().fetch_proxy(url)
        return self.make_fetch_proxy_response(
            AXE.read_text() if parts.path == '/axe.js' else json.dumps(self.screens))
