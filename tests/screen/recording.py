from unittest.mock import patch

from odoo import http


class RecordingMixin:
    """Keeps what the server answers to the browser, whatever part of Odoo answers."""

    def setUp(self):
        super().setUp()
        self.answers = []
        answer = http.Application.__call__

        def record(application, environ, start_response):
            response = answer(application, environ, start_response)
            if environ['PATH_INFO'].startswith(('/web/assets', '/websocket')):
                return response
            body = b''.join(response)
            response.close()
            self.answers.append((environ['PATH_INFO'], body.decode(errors='replace')))
            return [body]

        self.startPatcher(patch.object(http.Application, '__call__', record))

    def _find_in_answers(self, *texts):
        """Return `(path, text)` of the answers that contain one of these texts."""
        return [
            (path, text) for path, body in self.answers for text in texts
            if text in body or text.encode('unicode_escape').decode() in body]
