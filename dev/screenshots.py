"""Take the pictures of README.rst and the manual: `screenshots.py URL FOLDER`.

Called by dev/screenshots.
"""
import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

DESKTOP = {'width': 1280, 'height': 760}
TABLET = {'width': 1024, 'height': 768}

RPC = """
    async ([model, method, args]) => {
        const response = await fetch(`/web/dataset/call_kw/${model}/${method}`, {
            method: "POST",
            headers: {"Content-Type": "application/json"},
            body: JSON.stringify({params: {model, method, args, kwargs: {}}}),
        });
        return (await response.json()).result;
    }
"""


class Shop:
    """The demo shop in a browser, as one of its users."""

    def __init__(self, browser, url, folder, login, viewport):
        self.url = url
        self.folder = folder
        context = browser.new_context(
            viewport=viewport, locale='de-DE', has_touch=viewport is TABLET)
        self.page = context.new_page()
        self.page.goto(f'{url}/web/login')
        self.page.fill('input[name=login]', login)
        self.page.fill('input[name=password]', login)
        self.page.click('.oe_login_form button[type=submit]')
        self.page.wait_for_selector('.o_main_navbar')

    def find(self, model, domain):
        """Return the id of a record, because ids differ from one demo shop to the next."""
        ids = self.page.evaluate(RPC, [model, 'search', [domain]])
        if not ids:
            sys.exit(f"Not in this demo shop: {model} {domain}. Start it with: dev/demo --fresh")
        return ids[0]

    def open(self, action, record_id=None):
        path = f'/{record_id}' if record_id else ''
        self.page.goto(f'{self.url}/odoo/action-{action}{path}')
        self.page.wait_for_selector('.o_form_view, .o_list_view, .o_kanban_view')
        self.page.wait_for_timeout(2000)  # the back end never stops talking to the server

    def click(self, selector):
        self.page.click(selector)
        self.page.wait_for_timeout(700)  # animations

    def open_customer(self, name, button):
        """Press a button on the page DSGVO of a customer, which opens a window."""
        customer = self.find('res.partner', [['name', '=', name]])
        self.open('dsgvo.res_partner_action_customers', customer)
        self.click('.o_notebook_headers a[name=dsgvo]')
        self.click(f'.tab-pane button:has-text("{button}")')
        self.page.wait_for_selector('.modal .o_form_view')

    def save(self, name):
        """Store the picture with few colours: a third of the size, and nobody sees it."""
        self.page.mouse.move(0, 0)
        self.page.wait_for_timeout(700)
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert('RGB')
        picture.quantize(128, dither=Image.Dither.NONE).save(
            self.folder / f'{name}.png', optimize=True)
        print(f'{name}.png')


def at_the_counter(clerk):
    order = clerk.find('sale.order', [['partner_id.name', '=', "Clara Wiesengrund"]])
    clerk.open('sale.action_orders', order)
    clerk.click('.o_dsgvo_badge')
    clerk.save('order')
    quotation = clerk.find('sale.order', [['partner_id.name', '=', "Adele Quandt"]])
    clerk.open('sale.action_quotations_with_onboarding', quotation)
    clerk.click('.o_dsgvo_badge')
    clerk.page.wait_for_selector('.modal .o_form_view')
    clerk.save('order_grey')
    customer = clerk.find('res.partner', [['name', '=', "Bernhard Osterkamp"]])
    clerk.open('account.res_partner_action_customer', customer)
    clerk.page.set_viewport_size(TABLET | {'height': 900})
    clerk.click('.o_notebook_headers a[name=dsgvo]')
    clerk.save('consents')


def decisions(clerk):
    clerk.open_customer("Emma Lindhorst", "Mit Nachweis erfassen")
    clerk.click('.modal [name=consent_notification] button:has-text("Erteilt")')
    clerk.save('record')
    clerk.open_customer("Bernhard Osterkamp", "Widerrufen")
    for purpose in ('storage', 'notification', 'marketing'):
        clerk.click(f'.modal [name={purpose}] input')
    clerk.save('withdraw')


def behind_the_counter(clerk):
    clerk.open('dsgvo.dsgvo_notification_action')
    clerk.save('notifications')
    mailing = clerk.find('mailing.mailing', [['subject', 'like', "Lesung"]])
    clerk.open('mass_mailing.mailing_mailing_action_mail', mailing)
    clerk.page.wait_for_timeout(3000)  # the editor of the text
    clerk.save('mailing')


def at_the_till(cashier):
    till = cashier.find('pos.config', [['name', '=', "Ladenkasse"]])
    page = cashier.page
    page.goto(f'{cashier.url}/pos/ui/{till}')
    page.wait_for_timeout(6000)  # asks for the opening balance, unless the till is open already
    for selector in ('.login-overlay .open-register-btn', '.modal .modal-footer .btn-primary'):
        if page.locator(selector).count():
            cashier.click(selector)
    page.wait_for_selector('.product-screen')
    cashier.click('.product-screen .set-partner')
    page.wait_for_selector('.partner-list')
    cashier.save('till')


def privacy_officer(officer):
    officer.open('dsgvo.dsgvo_erasure_action')
    officer.save('erasures')
    officer.open('dsgvo.dsgvo_first_steps_action')
    officer.save('preview')
    officer.open('dsgvo.dsgvo_erasure_overview_action')
    officer.save('overview')
    blocked = officer.find('dsgvo.erasure', [['state', '=', 'blocked']])
    officer.open('dsgvo.dsgvo_erasure_action', blocked)
    officer.save('blocked')
    officer.open_customer("Johannes Silbermann", "Auf Verlangen löschen")
    officer.save('request')


def main(url, folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which('chromium') or shutil.which('google-chrome')
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=['--no-sandbox'])
        clerk = Shop(browser, url, folder, 'clerk', TABLET)
        at_the_counter(clerk)
        clerk = Shop(browser, url, folder, 'clerk', DESKTOP)
        decisions(clerk)
        behind_the_counter(clerk)
        at_the_till(Shop(browser, url, folder, 'cashier', TABLET))
        privacy_officer(Shop(browser, url, folder, 'officer', DESKTOP))


main(*sys.argv[1:])
