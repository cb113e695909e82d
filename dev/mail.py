"""The mailbox of the demo shop: takes every e-mail that Odoo sends, and shows it in the browser.

    mail.py SMTP_PORT WEB_PORT

Nothing leaves the machine, and nothing is kept when it stops.
"""
import email
import html
import sys
import threading
from email import policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

HOST = '127.0.0.1'
PAGE = """<!doctype html><meta charset="utf-8"><title>E-Mails</title>
<style>body {{ font: 16px sans-serif; margin: 2em }} td {{ padding: .3em 1em .3em 0 }}
iframe {{ width: 100%; height: 75vh; border: 1px solid #999 }}</style>{}"""
mails = []


class Mailbox(Message):
    def handle_message(self, message):
        mails.append(email.message_from_bytes(message.as_bytes(), policy=policy.default))


class Pages(BaseHTTPRequestHandler):
    """The list, one e-mail (/0), and its text (/0/text), which is shown without scripts."""

    def do_GET(self):
        number, _slash, part = self.path.strip('/').partition('/')
        if not number:
            self._send(PAGE.format(self._render_list()))
        elif number.isdigit() and int(number) < len(mails):
            mail = mails[int(number)]
            self._send(self._get_text(mail) if part else PAGE.format(self._render(number, mail)))
        else:
            self.send_error(404)

    def _render_list(self):
        rows = ''.join(
            f'<tr><td>{html.escape(mail["to"] or "")}</td>'
            f'<td><a href="/{number}">{html.escape(mail["subject"] or "–")}</a></td>'
            f'<td>{html.escape(mail["date"] or "")}</td></tr>'
            for number, mail in reversed([*enumerate(mails)]))
        return f'<h1>E-Mails</h1><table>{rows or "<tr><td>Nothing was sent yet.</td></tr>"}</table>'

    def _render(self, number, mail):
        head = ''.join(f'<div>{name}: {html.escape(mail[name] or "")}</div>'
                       for name in ('From', 'To', 'Subject', 'Date'))
        return (f'<p><a href="/">E-Mails</a></p>{head}'
                f'<iframe sandbox src="/{number}/text"></iframe>')

    def _get_text(self, mail):
        body = mail.get_body(('html', 'plain'))
        text = body.get_content() if body else ''
        is_html = body and body.get_content_subtype() == 'html'
        return text if is_html else f'<pre>{html.escape(text)}</pre>'

    def _send(self, text):
        self.send_response(200)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        """Say nothing: the terminal is Odoo's."""


def main(smtp_port, web_port):
    Controller(Mailbox(), hostname=HOST, port=smtp_port).start()
    threading.Thread(
        target=ThreadingHTTPServer((HOST, web_port), Pages).serve_forever, daemon=True).start()
    sys.stdin.read()  # until whoever started it ends


if __name__ == '__main__':
    main(*map(int, sys.argv[1:3]))
