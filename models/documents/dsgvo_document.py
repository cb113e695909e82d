from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from .document_kinds import KINDS
from .document_parts import GAP, article, box, clean, fill, heading, letterhead, paragraph, parse

_lt = LazyTranslate(__name__)
NO_ADVICE = _lt(
    "This document was made by a program from a template and from the data of the shop. It is no"
    " legal advice.")
PRINTED = ('content', 'pdf', 'docx')
# What customers are not told of an activity.
UNTOLD = {'persons', 'responsible_id', 'review_on', 'measures', 'dpia', 'dpia_reason'}
# Kinds that say how long the list of erasures lives.
QUOTE_BACKUPS = {'customer_information', 'register', 'deletion_concept', 'measures'}


class DsgvoDocument(models.Model):
    """A document of the shop about its data, as it was when it was made.

    It consists of the blocks of its kind (`document_kinds.py`) and of what the database says. It
    is outdated as soon as the same would be worded otherwise, for whatever reason.
    """
    _name = 'dsgvo.document'
    _description = "Data Protection Document"
    _order = 'id desc'
    _rec_name = 'kind_id'

    kind = fields.Selection('_get_kinds', required=True)
    kind_id = fields.Many2one(
        'dsgvo.document.kind', "Kind of Document", compute='_compute_kind_id', store=True,
        index=True)
    lang = fields.Selection(
        '_get_langs', "Language", required=True, default=lambda self: self._find_lang(None))
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one(
        'res.partner', "Made For", ondelete='cascade', index='btree_not_null',
        help="The customer with the own decisions, or the firm or employee who signs.")
    made_for = fields.Char("Can Be Made For", compute='_compute_made_for')
    content = fields.Json(readonly=True)
    pdf = fields.Binary("PDF", readonly=True, attachment=True)
    docx = fields.Binary("DOCX", readonly=True, attachment=True)
    state = fields.Selection(
        [('current', "Current"), ('outdated', "Outdated"), ('superseded', "Replaced")],
        compute='_compute_state',
        help="Outdated: company, periods, map, activities or texts have changed since. Replaced:"
             " there is a newer one.")
    missing = fields.Text("To Be Filled In", compute='_compute_missing')
    page = fields.Html(compute='_compute_page', sanitize=False)

    @api.model
    def _get_kinds(self):
        return [(code, self.env._(kind.name)) for code, kind in KINDS.items()]

    @api.model
    def _get_langs(self):
        return self.env['res.lang'].get_installed()

    @api.depends('kind')
    def _compute_kind_id(self):
        Kind = self.env['dsgvo.document.kind']
        for document in self:
            document.kind_id = Kind.search([('code', '=', document.kind)])

    @api.depends('kind')
    def _compute_made_for(self):
        for document in self:
            document.made_for = document.kind and KINDS[document.kind].made_for

    @api.depends('content')
    def _compute_state(self):
        newest = self._get_newest()
        for document in self:
            if document not in newest:
                document.state = 'superseded'
            else:
                is_same = document._compose() == document.content
                document.state = 'current' if is_same else 'outdated'

    @api.depends('kind', 'company_id')
    @api.depends_context('lang')
    def _compute_missing(self):
        for document in self:
            document.missing = "\n".join(document._find_missing())

    @api.depends('content')
    def _compute_page(self):
        for document in self:
            document.page = document.content and document._render_parts(document.content)

    @api.constrains('kind', 'partner_id')
    def _check_partner(self):
        for document in self:
            if document.partner_id and not document.made_for:
                raise ValidationError(self.env._(
                    "%(document)s is made for nobody in particular. Leave the contact empty.",
                    document=document.kind_id.name))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Make the documents with their files, from what the shop says now.

        :raise AccessError: for a contact whom the user may not read
        """
        # Whether given or a default of the context: nobody else says what a document holds.
        nothing = dict.fromkeys(PRINTED, False)
        documents = super().create([vals | nothing for vals in vals_list])
        documents.partner_id.check_access('read')
        for document in documents:
            # sudo: dsgvo.document - what was just made, which nobody writes afterwards
            printed = document.sudo()
            printed.content = document._compose()
            printed._make_files()
        return documents

    # === ACTION METHODS === #

    def action_pdf(self):
        return self._download('pdf')

    def action_docx(self):
        return self._download('docx')

    def _download(self, name):
        """Open a file, which is made now if the program for it was missing before.

        :raise UserError: with what to install, as long as it is missing
        """
        self.ensure_one()
        self.check_access('read')
        if not self[name]:
            # sudo: dsgvo.document - a file of what the user may read
            self.sudo()[name] = getattr(self, f'_make_{name}')()
        return {
            'type': 'ir.actions.act_url',
            'url': f'/web/content/{self._name}/{self.id}/{name}/'
                   f'{quote(self._get_file_name(name))}?download=true',
        }

    def action_make(self):
        """Make what was chosen in the form: saving it has done that."""
        return True

    def action_make_anew(self):
        """Make the same document once more, from what the shop says now."""
        self.ensure_one()
        document = self._make(self.kind, self.company_id, self.lang, self.partner_id)
        return document._get_records_action(target='main')

    # === BUSINESS METHODS === #

    @api.model
    def _make(self, kind, company, lang, partner=None):
        """Return a new document with its files.

        :param str kind: a key of `KINDS`
        :param str lang: code of an installed language; `de` and `en` stand for the first of theirs
        :param partner: the contact for whom it is made, or with whom
        :raise UserError: if no such language is installed
        """
        return self.create({
            'kind': kind, 'company_id': company.id, 'lang': self._find_lang(lang),
            'partner_id': partner.id if partner else False})

    @api.model
    def _find_lang(self, lang):
        """Return the code of an installed language for another code, or for the user's own.

        Without a code, any installed language is better than none.

        :raise UserError: if there is none for the code
        """
        wanted = lang or self.env.lang or 'en_US'
        installed = [code for code, _name in self._get_langs()]
        similar = [code for code in installed if code.split('_')[0] == wanted.split('_')[0]]
        for code in [wanted, *similar]:
            if code in installed:
                return code
        if not lang:
            return installed[0]
        raise UserError(self.env._(
            "The document cannot be made in the language %(lang)s, which is not installed. Add it"
            " in the settings, under Languages.", lang=wanted))

    def _get_newest(self):
        """Return those of the documents that no newer one has replaced."""
        newest = self._read_group(
            [('kind', 'in', self.mapped('kind')), ('company_id', 'in', self.company_id.ids)],
            ['kind', 'company_id', 'lang', 'partner_id'], ['id:max'])
        installed = dict(self._get_langs())
        ids = {row[-1] for row in newest}
        return self.filtered(lambda one: one.id in ids and one.lang in installed)

    @api.model
    def _get_outdated(self, company):
        """Return the documents of a company that are to be made anew, without those for persons."""
        documents = self.search([('company_id', '=', company.id), ('partner_id', '=', False)])
        return documents.filtered(lambda document: document.state == 'outdated')

    def _find_missing(self):
        """Return the labels of what the company and its activities still lack for it."""
        if not self.company_id:
            return []
        shop = self._speaking(self.env.lang)
        missing = [", ".join(shop.company_id._dsgvo_get_controller()['missing'])]
        if self.kind in QUOTE_BACKUPS:
            missing += shop._get_retention_of_backups().filtered(
                lambda one: not one.years + one.days).mapped('name')
        if self.kind in ('register', 'customer_information'):
            untold = UNTOLD if self.kind == 'customer_information' else set()
            activities = shop._get_activities().grouped(
                lambda activity: activity._find_missing(untold))
            missing += [
                self.env._("%(missing)s (%(activities)s)", missing=", ".join(labels),
                           activities=", ".join(some.mapped('name')))
                for labels, some in activities.items() if labels]
        return list(filter(None, missing))

    # === CONTENT === #

    def _speaking(self, lang=None):
        """Return the document in its language and company, with the right to read the shop."""
        # sudo: dsgvo.document - what a document says does not depend on who makes or reads it
        return self.sudo().with_company(self.company_id).with_context(
            lang=lang or self.lang, bin_size=False, active_test=True)

    def _compose(self):
        """Return the parts of the document (`document_parts.py`), from what the shop says now."""
        self.ensure_one()
        return self._speaking()._compose_parts()

    def _compose_parts(self):
        kind = KINDS[self.kind]
        values = self._get_values()
        texts = self.kind_id._get_own_texts(self.lang)
        parts = [
            letterhead(self._get_letterhead(), self._get_logo_hash()),
            heading(self.env._(kind.name), level=1)]
        for block in kind.blocks:
            data = getattr(self, f'_list_{block.data}')() if block.data else []
            if data is None:
                continue
            text = texts.get(block.code) or self.env._(block.text)
            own = [heading(fill(self.env._(block.title), values))]
            if kind.is_letter_size:
                own.append(article(self.env._(block.article)))
            own += [*parse(fill(text, values)), *data]
            parts += [box(own)] if block.is_boxed else own
        return clean([*parts, paragraph(self.env._(NO_ADVICE))])

    def _get_values(self):
        """Return what `{names}` in texts stand for; an empty text is a gap."""
        controller = self.company_id._dsgvo_get_controller()
        contact = (*controller['address'].splitlines(), controller['phone'], controller['mail'])
        return {
            'company': controller['name'],
            'contact': ", ".join(filter(None, contact)),
            'address': ", ".join(controller['address'].splitlines()),
            'phone': controller['phone'], 'mail': controller['mail'],
            'officer': controller['officer'], 'authority': controller['authority'],
            'hours': self.env['dsgvo.deadline']._get_in_force(
                'breach', self.company_id._dsgvo_today()).hours,
            'page': self._get_page_address(), 'gap': GAP,
        } | self._get_storage_values()

    def _get_activities(self):
        """Return the activities that the document names."""
        activities = self.env['dsgvo.processing.activity']._get_of(self.company_id)
        if self.kind == 'register':
            return activities
        return activities.filtered('is_about_customers')

    def _get_page_address(self):
        """Return where everybody reads the full information of the company."""
        return f'{self.company_id.get_base_url()}/dsgvo/information/{self.company_id.id}'

    def _get_retention_of_backups(self):
        """Return the class that follows the life of the oldest backup, unless it was deleted."""
        return self.env['dsgvo.retention'].browse(self.env['ir.model.data']._xmlid_to_res_id(
            'dsgvo.retention_erasure_list'))
