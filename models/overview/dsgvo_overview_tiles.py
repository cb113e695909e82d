from ast import literal_eval
from typing import Any, NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ..search.dsgvo_erasure_residual import TO_DECIDE

_lt = LazyTranslate(__name__)
# How a decision is recorded for which nobody was asked on that day.
WITHOUT_ASKING = ('import', 'merge', 'system')


class Tile(NamedTuple):
    """A number, and the list of what it counts."""

    name: str
    """It is in the counts, or the records are counted."""

    section: str
    """A key of `charts.SECTIONS`."""

    label: Any
    """A lazy text."""

    action: str
    """The XML id of the action that shows the list, without the addon."""

    domain: Domain
    """Of the list, besides the domain of the action."""

    groups: str = 'dsgvo.group_officer'
    """Who may open the list."""

    counted: str = '__count'
    """The aggregate that is the number."""

    context: dict = {}
    """Of the list."""


class DsgvoOverview(models.AbstractModel):
    """The tiles: single numbers that lead on to what they count."""
    _inherit = 'dsgvo.overview'

    @api.model
    def _get_tiles(self, companies, counts):
        """Return `{section: [{'name', 'label', 'value', 'action'}]}`.

        `action` is what a click opens, False if the user may not see it. Nobody but officers has
        the tiles of what is to be decided.
        """
        is_officer = self.env.su or self.env.user.has_group('dsgvo.group_officer')
        tiles = {}
        for tile in self._list_tiles(companies):
            if is_officer or tile.section != 'decisions':
                tiles.setdefault(tile.section, []).append({
                    'name': tile.name, 'label': self.env._(tile.label),
                    'value': self._count_tile(tile, companies, counts),
                    'action': self.env.user.has_group(tile.groups) and self._open(tile, companies)})
        if is_officer:
            tiles['decisions'].append(self._get_tile_of_documents(companies))
        return tiles

    def _list_tiles(self, companies):
        today = self.env.company._dsgvo_today()
        everybody = 'dsgvo.group_manager'
        untold = Domain('authority_told_on', '=', False) & ~Domain('risk', '=', 'none')
        return (
            Tile('asked', 'consents', _lt("Customers asked today"), 'dsgvo_consent_event_action',
                 Domain('date', '=', today) & Domain('decision', 'in', ('granted', 'refused'))
                 & Domain('means', 'not in', WITHOUT_ASKING), everybody,
                 'partner_id:count_distinct', {'group_by': ['partner_id']}),
            Tile('expiring', 'consents', _lt("Customers whose consents expire soon"),
                 'res_partner_action_register',
                 Domain('dsgvo_expires_soon', '=', True), everybody),
            Tile('todo', 'notifications', _lt("Messages to do"), 'dsgvo_notification_action',
                 Domain('state', '=', 'todo'), everybody),
            Tile('failed', 'notifications', _lt("Messages failed"), 'dsgvo_notification_action',
                 Domain('state', '=', 'failed'), everybody),
            Tile('uncollected', 'notifications', _lt("Told, but not collected"),
                 'dsgvo_notification_action', Domain('is_uncollected', '=', True), everybody),
            Tile('due', 'erasures', _lt("Due for erasure"), 'dsgvo_erasure_action',
                 Domain('state', '=', 'due')),
            Tile('waiting', 'erasures', _lt("Blocked erasures"), 'dsgvo_erasure_action',
                 Domain('state', '=', 'blocked')),
            Tile('held', 'erasures', _lt("Restricted customers"), 'dsgvo_erasure_action',
                 Domain('state', '=', 'restricted')),
            Tile('failing', 'decisions', _lt("Erasures that fail"), 'dsgvo_erasure_action',
                 Domain('failure_count', '>', 0) & Domain('state', '=', 'blocked')),
            Tile('residuals', 'decisions', _lt("Remains of erased customers"),
                 'dsgvo_erasure_residual_action', Domain(TO_DECIDE)),
            Tile('recipients', 'decisions', _lt("Recipients to be told"),
                 'dsgvo_erasure_recipient_action', Domain('state', '=', 'todo')),
            Tile('objections', 'decisions', _lt("Objections to clarify"),
                 'res_partner_action_objections', Domain('dsgvo_objected_on', '!=', False)),
            Tile('left_out', 'decisions', _lt("Left out by jobs"), 'dsgvo_job_failure_action',
                 Domain.TRUE),
            Tile('gaps', 'decisions', _lt("Fields without a rule"), 'dsgvo_data_gap_action',
                 Domain.TRUE),
            Tile('breaches', 'decisions', _lt("Breaches to be reported"), 'dsgvo_breach_action',
                 Domain('state', '=', 'open') & untold),
            Tile('reviews', 'decisions', _lt("Activities to review"),
                 'dsgvo_processing_activity_action', Domain('review_on', '<=', today)),
        )

    def _count_tile(self, tile, companies, counts):
        if tile.name in counts:
            return counts[tile.name]['all']['number']
        action = self._get_action(tile)
        # sudo: any model - a number of these companies, which names nobody
        Model = self.env[action['res_model']].sudo().with_context(**action['context'])
        [[number]] = Model._read_group(
            tile.domain & self._get_company_domain(Model, companies), [], [tile.counted])
        return number

    def _open(self, tile, companies):
        """Return the action with the records that the tile counts, and with no filter in it."""
        action = self._get_action(tile)
        domain = (
            Domain(literal_eval(action['domain'] or '[]')) & tile.domain
            & self._get_company_domain(self.env[action['res_model']], companies))
        return action | {'domain': list(domain), 'name': self.env._(tile.label)}

    def _get_action(self, tile):
        """Return the action of the list, with its context as a dict and without filters."""
        action = self.env['ir.actions.act_window']._for_xml_id(f'dsgvo.{tile.action}')
        context = literal_eval(action['context'] or '{}')
        return action | {'context': tile.context | {
            name: value for name, value in context.items()
            if not name.startswith('search_default_')}}

    def _get_company_domain(self, Model, companies):
        if 'company_id' not in Model._fields:
            return Domain.TRUE
        shared = [] if Model._fields['company_id'].required else [False]
        return Domain('company_id', 'in', [*companies.ids, *shared])

    def _get_tile_of_documents(self, companies):
        Document = self.env['dsgvo.document']
        outdated = Document.union(*map(Document._get_outdated, companies))
        label = self.env._("Documents outdated")
        return {
            'name': 'documents', 'label': label, 'value': len(outdated),
            'action': {
                'type': 'ir.actions.act_window', 'name': label, 'res_model': 'dsgvo.document',
                'views': [(False, 'list'), (False, 'form')], 'context': {'create': False},
                'domain': [('id', 'in', outdated.ids)]}}
