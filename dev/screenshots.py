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
COUNTER = {'width': 1280, 'height': 800}
TABLET = {'width': 1024, 'height': 768}
UPRIGHT = {'width': 800, 'height': 1280}
PHONE = {'width': 390, 'height': 844}
TOUCHED = (TABLET, UPRIGHT, PHONE)
CUSTOMER_INFORMATION = ['kind', '=', 'customer_information']

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
            viewport=viewport, locale='de-DE', has_touch=viewport in TOUCHED)
        self.page = context.new_page()
        self.page.goto(f'{url}/web/login')
        self.page.fill('input[name=login]', login)
        self.page.fill('input[name=password]', login)
        self.page.click('.oe_login_form button[type=submit]')
        self.page.wait_for_selector('.o_main_navbar')

    def call(self, model, method, *args):
        return self.page.evaluate(RPC, [model, method, args])

    def find(self, model, domain):
        """Return the id of a record, because ids differ from one demo shop to the next."""
        ids = self.call(model, 'search', domain)
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

    def open_till(self):
        till = self.find('pos.config', [['name', '=', "Ladenkasse"]])
        self.page.goto(f'{self.url}/pos/ui/{till}')
        # It asks for the opening balance, unless the till is open already.
        self.page.wait_for_timeout(6000)
        for selector in ('.login-overlay .open-register-btn', '.modal .modal-footer .btn-primary'):
            if self.page.locator(selector).count():
                self.click(selector)
        self.page.wait_for_selector('.product-screen')

    def open_customers_of_till(self):
        self.open_till()
        if self.page.viewport_size == UPRIGHT:
            self.click('.switchpane .review-button')
        self.click('.product-screen .set-partner')
        self.page.wait_for_selector('.partner-list')

    def ask(self, name):
        """Open the questions to a customer at the till."""
        self.open_customers_of_till()
        self.click(f'.partner-info:has-text("{name}") .o_dsgvo_badge')
        self.page.wait_for_selector('.o_dsgvo_ask')

    def save(self, name, part=None):
        """Store the picture with few colours: a third of the size, and nobody sees it."""
        self.page.mouse.move(0, 0)
        self.page.wait_for_timeout(700)
        shown = part.screenshot() if part else self.page.screenshot()
        picture = Image.open(io.BytesIO(shown)).convert('RGB')
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
    cashier.open_customers_of_till()
    cashier.save('till')


def special_order(cashier):
    cashier.open_customers_of_till()
    cashier.click('.partner-info:has-text("Clara Wiesengrund") .dropdown-toggle')
    cashier.click('.o-dropdown--menu .dropdown-item:has-text("Besorgung")')
    for field, value in (('code', "978-3-10-397088-3"), ('title', "Gedichte vom Fluss"),
                         ('supplier', "Barsortiment Nord"), ('price', "12,00")):
        cashier.page.fill(f'.o_dsgvo_special_order [name={field}]', value)
        cashier.page.press(f'.o_dsgvo_special_order [name={field}]', 'Tab')
    # Chromium of Debian speaks English only; this is what a German browser shows.
    cashier.page.eval_on_selector('.o_dsgvo_special_order [name=wish_date]', """field => {
        field.type = "text";
        field.placeholder = "TT.MM.JJJJ";
    }""")
    cashier.save('special_order')


def asking(cashier, phone, owner):
    """The questions at the till, and on the phone of the customer who scans the code."""
    till = cashier.find('pos.config', [['name', '=', "Ladenkasse"]])
    owner.call('pos.config', 'write', [till], {'dsgvo_answer_on_phone': True})
    cashier.ask("Adele Quandt")
    cashier.click('.o_dsgvo_ask [data-purpose=storage] button[data-value=granted]')
    cashier.save('ask')
    cashier.click('.o_dsgvo_ask_phone')
    code = cashier.page.wait_for_selector('.o_dsgvo_ask_qr')
    phone.page.goto(code.get_attribute('data-url'))
    phone.save('ask_phone')
    cashier.click('.o_dsgvo_ask_back')


def turned_tablet(cashier):
    cashier.ask("Adele Quandt")
    cashier.click('.o_dsgvo_ask_turn')
    cashier.save('ask_turned')


def screened(cashier, clerk, owner):
    """What is seen of customers where other customers can look at the screen."""
    till = cashier.find('pos.config', [['name', '=', "Ladenkasse"]])
    owner.call('pos.config', 'write', [till], {'dsgvo_privacy_screen': True})
    cashier.open_customers_of_till()
    cashier.page.fill('.modal-header input', "Reh")
    cashier.page.wait_for_selector('.partner-list .o_dsgvo_town')
    cashier.save('screen_till')
    owner.call('pos.config', 'write', [till], {'dsgvo_privacy_screen': False})
    customer = clerk.find('res.partner', [['name', '=', "Dietrich Hohlfeld"]])
    clerk.open('dsgvo.res_partner_action_customers')
    clerk.click('.o_dsgvo_screen_switch')
    clerk.page.wait_for_timeout(3000)  # it loads the page anew
    clerk.open('dsgvo.res_partner_action_customers', customer)
    clerk.save('screen_office')


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


def documents(officer):
    """The list, a document that is outdated, and what customers read."""
    block = officer.find('dsgvo.document.block', [
        ['kind_id.code', '=', 'customer_information'], ['code', '=', 'greeting']])
    officer.call('dsgvo.document.block', 'write', [block], {'own_text_de': False})
    company = officer.find('res.company', [['name', '=', "Buchhandlung am Markt"]])
    for kind in ('customer_notice', 'customer_information'):
        officer.call('dsgvo.document', 'create', {
            'kind': kind, 'lang': 'de_DE', 'company_id': company})
    made = officer.find('dsgvo.document', [CUSTOMER_INFORMATION])
    first_page(officer, made)
    officer.call('dsgvo.document.block', 'write', [block], {
        'own_text_de': "{company} sagt Ihnen hier, was wir über Sie wissen und wofür."})
    officer.open('dsgvo.dsgvo_document_kind_action')
    officer.save('documents')
    kind = officer.find('dsgvo.document.kind', [['code', '=', 'customer_information']])
    officer.open('dsgvo.dsgvo_document_kind_action', kind)
    officer.click('.o_field_widget[name=document_ids] .o_data_cell')
    officer.page.wait_for_selector('button[name=action_make_anew]')
    officer.save('document')
    officer.click('.modal .btn-close')
    officer.click('.o_menu_sections button:has-text("Dokumente")')
    officer.save('tables')
    officer.page.goto(f'{officer.url}/dsgvo/information/{company}')
    officer.page.set_viewport_size(COUNTER | {'width': 800})
    officer.save('information')


def first_page(officer, document):
    """Let the viewer of Odoo draw the first page of a PDF."""
    file = f'/web/content/dsgvo.document/{document}/pdf'
    officer.page.goto(f'{officer.url}/web/static/lib/pdfjs/web/viewer.html?file={file}#zoom=100')
    page = officer.page.locator('.page[data-page-number="1"]')
    page.locator('.textLayer').wait_for(state='attached')  # drawn
    officer.page.set_viewport_size({'width': 1000, 'height': 1400})
    officer.save('information_pdf', page.locator('.canvasWrapper'))
    officer.page.set_viewport_size(DESKTOP)


def numbers(officer):
    officer.page.goto(f'{officer.url}/odoo/action-dsgvo.dsgvo_overview_action')
    officer.page.wait_for_selector('.o_dsgvo_chart')
    officer.page.set_viewport_size(DESKTOP | {'height': 1100})
    officer.save('numbers')
    officer.page.set_viewport_size(DESKTOP)
    officer.page.goto(f'{officer.url}/odoo/action-dsgvo.dsgvo_consent_event_action_reporting')
    officer.page.wait_for_selector('.o_graph_view')
    officer.click('.o_searchview_dropdown_toggler')
    officer.save('reporting')


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
        owner = Shop(browser, url, folder, 'admin', DESKTOP)
        special_order(Shop(browser, url, folder, 'cashier', COUNTER))
        # A browser of its own each time: the till keeps its settings in the browser.
        asking(Shop(browser, url, folder, 'cashier', COUNTER),
               Shop(browser, url, folder, 'clerk', PHONE), owner)
        screened(Shop(browser, url, folder, 'cashier', COUNTER), clerk, owner)
        turned_tablet(Shop(browser, url, folder, 'cashier', UPRIGHT))
        officer = Shop(browser, url, folder, 'officer', DESKTOP)
        privacy_officer(officer)
        documents(officer)
        numbers(officer)


main(*sys.argv[1:])
