"""Which screens of the addon a user can open, as its own menus, actions and views say."""
from collections import defaultdict
from dataclasses import dataclass

from lxml import etree

TYPES = ('list', 'kanban', 'form', 'graph', 'pivot', 'calendar')
KINDS = ('state', 'consent_state')  # fields by which records of a model look different
# Who opens the screens of a model that others may read as well, without what lies on it.
OPENED_BY = {'pos.order': 'point_of_sale.group_pos_user'}
NEWEST = 40  # records among which one of each kind is looked for


@dataclass
class Screen:
    """One view, or one record in it, for the walk in the browser."""

    name: str
    """XML ids of the action or view, and which record."""

    view: int
    """The view without what others add to it, 0 for a client action."""

    look: int
    """Equal for users to whom the view shows the same."""

    record: int | bool
    """What the view shows, unless it shows many or a new one; or which client action it is."""

    action: dict | int
    """What `doAction` opens."""

    options: dict
    """Options of `doAction`."""

    scope: list | None
    """Names of what the addon adds to a view of somebody else. None: the view is its own."""

    @property
    def key(self):
        """The same view of the same record is looked at once, whatever opens it."""
        return self.view, self.record

    def as_dict(self):
        return {name: getattr(self, name) for name in ('name', 'action', 'options', 'scope')}


class Screens:
    """
    :param env: of the user
    :param dict context: of the wizards, which open for somebody
    """

    def __init__(self, env, context):
        self.env = env
        self.context = context
        self.own_views = self._get_own('ir.ui.view').filtered(lambda view: view.type in TYPES)
        self.own_by_root = defaultdict(lambda: self.own_views.browse())
        for view in self.own_views:
            self.own_by_root[self._get_root(view)] += view

    def _get_own(self, model):
        ids = self.env['ir.model.data'].sudo().search(
            [('module', '=', 'dsgvo'), ('model', '=', model)]).mapped('res_id')
        return self.env[model].sudo().browse(ids).exists()

    def _get_root(self, view):
        while view.mode == 'extension':
            view = view.inherit_id
        return view

    def find(self):
        """Return the screens: of the actions, then of the views that no action shows."""
        screens = {screen.key: screen for screen in self._find_client_actions()}
        for action in self._get_own('ir.actions.act_window'):
            for screen in self._find_of_action(action):
                screens.setdefault(screen.key, screen)
        shown = {screen.view for screen in screens.values()}
        for root in self.own_by_root:
            if root.id not in shown and self._is_open(root.model):
                screens |= {screen.key: screen for screen in self._find_of_view(root)}
        return list(screens.values())

    def find_forms_without_record(self):
        """Return the views that nobody can look at until there is a record of their model."""
        return [root.xml_id for root in self.own_by_root
                if root.type == 'form' and not self._get_samples(root.model, 'form')]

    def _is_open(self, model):
        """Whether the user may look at records, or fill in a wizard."""
        is_wizard = self.env[model]._transient
        if not self.env.user.has_group(OPENED_BY.get(model, 'base.group_user')):
            return False
        return self.env[model].has_access('create' if is_wizard else 'read')

    def _find_client_actions(self):
        """Return those in the menus of the user; nothing tells who else sees the same of one."""
        Menu = self.env['ir.ui.menu'].sudo()
        opened = [menu.action for menu in Menu.browse(self.env['ir.ui.menu']._visible_menu_ids())]
        for action in self._get_own('ir.actions.client'):
            if action in opened:
                yield Screen(
                    action.xml_id, 0, hash((action, self.env.uid)), action.id, action.id, {}, None)

    def _find_of_action(self, action):
        if not self._is_open(action.res_model) or (
                action.group_ids and not action.group_ids & self.env.user.all_group_ids):
            return
        for view_id, view_type in action.views:
            root = self._get_shown(action.res_model, view_id, view_type)
            context = self._get_context(action.res_model)
            for suffix, record in self._get_samples(action.res_model, view_type):
                yield self._make(root, f'{action.xml_id} {view_type}{suffix}', record, action.id, {
                    'viewType': view_type, 'additionalContext': context,
                    'props': {'resId': record.id} if record else {}})

    def _get_shown(self, model, view_id, view_type):
        view_id = view_id or self.env['ir.ui.view'].sudo().default_view(model, view_type)
        return self._get_root(self.env['ir.ui.view'].sudo().browse(view_id))

    def _find_of_view(self, root):
        for suffix, record in self._get_samples(root.model, root.type):
            yield self._make(root, f'{root.xml_id}{suffix}', record, {
                'type': 'ir.actions.act_window', 'res_model': root.model,
                'views': [[root.id, root.type]], 'res_id': record.id,
                'target': 'new' if self.env[root.model]._transient else 'current',
                'context': self._get_context(root.model),
            }, {})

    def _make(self, root, name, record, action, options):
        return Screen(name, root.id, self._get_look(root), record.id, action, options,
                      self._get_scope(root))

    def _get_look(self, root):
        return hash((root.id, self.env[root.model].get_view(root.id, root.type)['arch']))

    def _get_context(self, model):
        return self.context if self.env[model]._transient else {}

    def _get_samples(self, model, view_type):
        """Return a record of each kind for a form, with what is said of it in a message."""
        new = [('', self.env[model])]
        if view_type != 'form':
            return new
        samples = {}
        for record in self.env[model].search([], limit=NEWEST, order='id desc'):
            kind = next((record[name] for name in KINDS if name in record._fields), '')
            samples.setdefault(f' {kind}'.rstrip(), record)
        return list(samples.items()) or (new if self.env[model]._transient else [])

    def _get_scope(self, root):
        if root in self.own_views:
            if root.type != 'form' or not root.inherit_id:
                return None
            root = self._get_root(root.inherit_id)  # a form of Odoo, with another page in front
        archs = [etree.fromstring(view.arch) for view in self.own_by_root.get(root, ())]
        return sorted({
            node.get('name') for arch in archs for node in arch.iter('*')
            if node.get('name') and not node.get('position') and not any(
                parent.get('position') == 'attributes' for parent in node.iterancestors())})

