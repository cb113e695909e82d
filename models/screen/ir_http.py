from odoo import models
from odoo.http import request

from .covering import FORM, LIST, MASK, READING, refuse_mask, without_masks
from .store import StoreCover

# Controllers of messages, threads and alarms, which read by no method of a model.
THREADS = ('/mail/', '/discuss/search', '/calendar/notify')
# Of these, the one that only reads, and not only messages.
DATA = '/mail/data'
# Those that store what somebody typed.
POST, EDIT = '/mail/message/post', '/mail/message/update_content'
# The names of the records that were open when a page is loaded anew.
BREADCRUMBS = '/web/action/load_breadcrumbs'


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _dispatch(cls, endpoint):
        """Cover what a controller answers about messages, unless the record is shown."""
        path = request.httprequest.path
        if path == BREADCRUMBS and request.env.user._dsgvo_is_screened():
            request.update_context(**{READING: FORM})
        if not path.startswith(THREADS) or not request.env.uid or (
                not request.env.user._dsgvo_is_screened()):
            return super()._dispatch(endpoint)
        shown = request.env.user._dsgvo_get_shown()
        is_shown = any(f'{model},{thread}' in shown for model, thread in _get_threads(
            request.params))
        if path == DATA and not is_shown:
            request.update_context(**{READING: LIST})
        if path in (POST, EDIT):
            request.params = _check_typed(request.params, shown)
        result = super()._dispatch(endpoint)
        if is_shown or not isinstance(result, (dict, list)):
            return result
        return StoreCover(request.env, shown).cover(result)

    def session_info(self):
        """Tell the browser whether it is screened, and which models have covered fields."""
        result = super().session_info()
        user = self.env.user
        if user._is_internal():
            covers = self.env['dsgvo.data.rule']._get_covers()
            is_on = user._dsgvo_is_screened()
            if is_on:
                # The browser keeps answers under this key: those from before must not come back.
                result['registry_hash'] += '-screened'
            result['dsgvo_screen'] = {
                'is_on': is_on,
                'is_for_user': user.has_group('dsgvo.group_screened'),
                # sudo: res.company - a setting of the shop where the user works
                'seconds': int(user.company_id.sudo().dsgvo_screen_seconds),
                'fields': {
                    model: [name for name, is_text in cover.fields.items() if not is_text]
                    for model, cover in covers.items() if cover.fields},
            }
        return result


def _check_typed(params, shown):
    """Refuse to store a mask in a message, or a text over one that nobody sees.

    :return dict: the parameters, without the masks of what is no text that somebody typed
    """
    body = str((params.get('post_data') or params.get('update_data') or {}).get('body') or '')
    message = request.env['mail.message'].browse(params.get('message_id') or ()).exists()
    if MASK in body or (body and StoreCover(request.env, shown).covers(message)):
        refuse_mask(request.env)
    return without_masks(params)


def _get_threads(params):
    """Return `(model, id)` of the threads for which a request asks, at any depth."""
    if isinstance(params, (list, tuple)):
        return [thread for part in params for thread in _get_threads(part)]
    if not isinstance(params, dict):
        return []
    return [
        (params.get('thread_model', params.get('res_model')),
         params.get('thread_id', params.get('res_id'))),
        *_get_threads(list(params.values()))]
