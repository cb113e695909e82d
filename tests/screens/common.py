import json
from pathlib import Path
from urllib.parse import urlsplit

AXE = Path(__file__).resolve().parents[2] / '.dev/node/node_modules/axe-core/axe.min.js'
HOST = 'walk.example'
# Width and height, and whether there is a finger in place of a mouse.
SIZES = {'1280x800': False, '1024x768': True, '800x1280': True}

LOOK = """
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then(
        ({violations, passes}) => {
            const found = violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`);
            if (wide > 0) {
                found.push(`${wide} px too wide`);
            }
            if (!passes.length) {
                found.push("nothing was looked at");
            }
            found.length ? console.error(found.join()) : console.log("test successful");
        });
"""


def look_at_page():
    """Return a script that fails if a page breaks WCAG 2.2 AA, or is wider than the screen."""
    return AXE.read_text() + LOOK


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
