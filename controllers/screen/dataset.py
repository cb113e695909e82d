from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.dataset import DataSet

from ...models.screen.covering import FORM, LIST, READING, holds_mask, refuse_mask, without_masks
from ...models.screen.store import StoreCover

# Methods that the server uses itself, too, and then with the real values.
READS = ('read', 'search_read', 'read_group', 'get_attendee_detail')
# Methods that answer as the controllers of messages do, and as what they have contacts: whoever is
# mentioned in a message is named in it.
STORES = {
    'activity_format': LIST, 'get_mention_suggestions': FORM,
    'get_mention_suggestions_from_channel': FORM, 'message_get_followers': LIST}


class ScreenedDataSet(DataSet):

    @http.route()
    def call_kw(self, model, method, args, kwargs, path=None):
        """Cover what the browser reads by `READS`; in other methods `Base` knows that it reads.

        A till writes its sales back as it read them, so they are not masked.
        """
        context = kwargs.get('context') or {}
        args, kwargs = self._without_masks(args, kwargs)
        if method in READS and model in request.env and not model.startswith('pos.'):
            records = request.env[model].with_context(**context)
            if method == 'read' and args:
                records = records.browse(args[0])
            way = records._dsgvo_for_screen(LIST).env.context.get(READING)
            kwargs = {**kwargs, 'context': {**context, READING: way}}
        result = super().call_kw(model, method, args, kwargs, path=path)
        if method in STORES and (
                request.env['res.users'].with_context(**context)._dsgvo_is_screened()):
            result = self._cover_store(model, method, args, result)
        return result

    @http.route()
    def call_button(self, model, method, args, kwargs, path=None):
        args, kwargs = self._without_masks(args, kwargs)
        return super().call_button(model, method, args, kwargs, path=path)

    def _without_masks(self, args, kwargs):
        """Return what the browser sends to a method, without the masks that it was given.

        Values by their names are left out. A text that a method takes by itself is refused, such as
        a new name or a message: nothing else would be stored in its place. Methods that only read
        store nothing, and a search may be for the dots of the screen.
        """
        if self._call_kw_readonly(None, None):
            return args, kwargs
        args = without_masks(args)
        kwargs = {name: without_masks(value) for name, value in kwargs.items()}
        if holds_mask((args, kwargs)):
            refuse_mask(request.env)
        return args, kwargs

    def _cover_store(self, model, method, args, result):
        shown = request.env.user._dsgvo_get_shown()
        ids = args[0] if method == 'message_get_followers' and args else ()
        if any(f'{model},{record_id}' in shown for record_id in ids):
            return result
        return StoreCover(request.env, shown, STORES[method]).cover(result)
