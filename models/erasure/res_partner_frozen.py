from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_restricted import IDENTITY

# Fields that make a frozen contact somebody again, even if a document of it is handled with sudo().
PERSONAL = IDENTITY | {
    'name', 'street', 'street2', 'zip', 'city', 'email', 'phone', 'vat', 'company_name',
    'company_registry', 'function', 'website', 'comment', 'ref', 'barcode', 'properties',
    'consent_text'}
# Fields that Odoo itself writes on the customer of a sale, an entry or a message. To refuse that
# would stop the document, so they may change.
TECHNICAL = {
    'signup_type', 'invoice_edi_format', 'invoice_edi_format_store', 'invoice_sending_method',
    'invoice_template_pdf_report_id', 'autopost_bills', 'customer_rank', 'supplier_rank'}
TECHNICAL_PREFIXES = ('peppol_', 'message_', 'activity_', 'property_', 'dsgvo_')


class ResPartner(models.Model):
    """Contacts that nobody changes: the anonymous customer, and customers kept for documents."""
    _inherit = 'res.partner'

    dsgvo_frozen_notice = fields.Char(
        "Why Nothing Can Be Changed", compute='_compute_dsgvo_notices', compute_sudo=True)

    @api.depends('active', 'dsgvo_restricted', 'dsgvo_erased')
    def _compute_dsgvo_notices(self):
        frozen = self._dsgvo_frozen()
        (self - frozen).dsgvo_frozen_notice = False
        anonymous = frozen._dsgvo_anonymous()
        for partner in frozen:
            partner.dsgvo_frozen_notice = partner._dsgvo_get_frozen_notice(partner in anonymous)
        return super()._compute_dsgvo_notices()

    def _dsgvo_get_frozen_notice(self, is_anonymous):
        if is_anonymous:
            return self.env._(
                "This is the anonymous customer. It stands on the orders of everybody who was"
                " erased, is nobody itself and cannot be changed.")
        return self.env._(
            "This customer was erased. The contact is kept only for documents that the law"
            " demands, and cannot be changed. Create a new contact if the customer comes back.")

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        """Make every form of a contact read-only for these, whatever addons have put in it."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == 'form':
            for node in arch.xpath("//field[not(ancestor::field)]"):
                field = self._fields.get(node.get('name'))
                # The client asks the field only where the view says nothing.
                condition = node.get('readonly') or str(bool(field and field.readonly))
                if condition not in ('1', 'True'):
                    node.set('readonly', f"dsgvo_frozen_notice or ({condition})")
            for node in arch.xpath(
                    "//*[self::button or self::widget][not(ancestor::field)]"
                    "[not(ancestor::div[@name='dsgvo_erasure_actions'])]"  # a lock is possible
                    "[ancestor::page[@name='dsgvo'] or ancestor::group[@name='dsgvo']]"):
                condition = node.get('invisible') or "False"
                node.set('invisible', f"dsgvo_frozen_notice or ({condition})")
            arch.append(arch.makeelement(
                'field', {'name': 'dsgvo_frozen_notice', 'invisible': '1', 'readonly': '1'}))
        return arch, view

    @api.model_create_multi
    def create(self, vals_list):
        """Let no user put a contact below these: nobody would erase it."""
        self._dsgvo_check_parents(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse changes by a person, and restoring; documents still note what they need.

        Values that make the contact somebody are refused with sudo(), too: the public form for the
        invoice of a sale writes its contact.
        """
        if vals.get('active'):
            self._dsgvo_check_restored()
        if self.env.uid != SUPERUSER_ID and self._dsgvo_is_entered(vals):
            self._dsgvo_check_frozen()
        self._dsgvo_check_parents([vals])
        return super().write(vals)

    def copy_data(self, default=None):
        """Let no user make a copy of somebody who was erased."""
        if not self.env.su:
            self._dsgvo_check_frozen()
        return super().copy_data(default)

    @api.model
    def _dsgvo_is_entered(self, vals):
        """Return whether a person changes a contact by this, and not the flow of a document."""
        if self.env.su:
            return not PERSONAL.isdisjoint(vals)
        return any(name not in TECHNICAL and not name.startswith(TECHNICAL_PREFIXES)
                   for name in vals)

    @api.model
    def _dsgvo_check_parents(self, vals_list):
        if not self.env.su:
            self.browse({vals['parent_id'] for vals in vals_list if vals.get('parent_id')}
                        )._dsgvo_check_frozen()

    def _dsgvo_check_restored(self):
        frozen = self._dsgvo_frozen()
        if frozen - frozen._dsgvo_anonymous():
            raise UserError(self.env._(
                "This contact cannot be restored: the customer was erased and is kept only for"
                " documents that the law demands. Create a new contact if the customer comes"
                " back."))

    def _dsgvo_check_frozen(self):
        """Refuse to change these contacts.

        :raise UserError: saying who it is
        """
        if frozen := self._dsgvo_frozen():
            raise UserError(frozen[0].sudo().dsgvo_frozen_notice)  # sudo: res.partner - who it is

    def _dsgvo_frozen(self):
        """Return those of the contacts that nobody changes; all of them are archived."""
        # sudo: res.partner - refused whoever asks
        archived = self.sudo().filtered(lambda partner: not partner.active)
        gone = archived.filtered(lambda partner: partner.dsgvo_restricted or partner.dsgvo_erased)
        return (gone | archived._dsgvo_anonymous()).with_env(self.env)

    def _dsgvo_deciding(self):
        return super()._dsgvo_deciding() - self._dsgvo_frozen()

    def _dsgvo_check_deciding(self):
        result = super()._dsgvo_check_deciding()
        self._dsgvo_check_frozen()
        return result

    def _dsgvo_customers_sql(self, alias):
        return SQL("%s AND %s", super()._dsgvo_customers_sql(alias), self._dsgvo_known_sql(alias))

    @api.model
    def _dsgvo_known_domain(self):
        """Return the `Domain` of the contacts that may buy."""
        return Domain.custom(to_sql=lambda model, alias, query: self._dsgvo_known_sql(alias))

    @api.model
    def _dsgvo_known_sql(self, alias):
        """Return the condition of the contacts that may buy, as `SQL`."""
        self.env['res.company'].flush_model(['dsgvo_anonymous_partner_id'])
        return SQL(
            "(%s IS NOT TRUE AND %s IS NOT TRUE AND %s NOT IN ("
            "SELECT dsgvo_anonymous_partner_id FROM res_company"
            " WHERE dsgvo_anonymous_partner_id IS NOT NULL))",
            self._dsgvo_column_sql(alias, 'dsgvo_restricted'),
            self._dsgvo_column_sql(alias, 'dsgvo_erased'), SQL.identifier(alias, 'id'))
