from odoo import api, fields, models


class ResCompany(models.Model):
    """Who answers for the data, as documents name it (Art. 13, 30 DSGVO).

    A branch belongs to its company: what it does not say itself is that of the company.
    """
    _inherit = 'res.company'

    dsgvo_officer_id = fields.Many2one(
        'res.partner', "Data Protection Officer", ondelete='restrict',
        help="The contact of the officer whom the company had to name (Art. 37 DSGVO, § 38 BDSG)."
             " Empty: none had to be named.", prefetch='dsgvo')
    dsgvo_representative_id = fields.Many2one(
        'res.partner', "Representative in the Union", ondelete='restrict',
        help="Only for companies outside the European Union (Art. 27 DSGVO).", prefetch='dsgvo')
    dsgvo_authority_id = fields.Many2one(
        'dsgvo.authority', "Competent Authority", compute='_compute_dsgvo_authority_id',
        compute_sudo=True, recursive=True,
        help="That of the state in the address of the company.")

    @api.depends('partner_id.state_id', 'parent_id.dsgvo_authority_id')
    def _compute_dsgvo_authority_id(self):
        authorities = self.env['dsgvo.authority'].search(
            [('state_id', 'in', self.partner_id.state_id.ids)]).grouped('state_id')
        for company in self:
            own = authorities.get(company.partner_id.state_id)
            company.dsgvo_authority_id = own or company.parent_id.dsgvo_authority_id

    @api.constrains('dsgvo_officer_id', 'dsgvo_representative_id')
    def _check_dsgvo_offices(self):
        # sudo: res.partner - refused whoever sets it
        (self.dsgvo_officer_id | self.dsgvo_representative_id).sudo()._dsgvo_check_office()

    @api.model
    def _dsgvo_get_settings(self):
        return super()._dsgvo_get_settings() | {'dsgvo_officer_id', 'dsgvo_representative_id'}

    def _dsgvo_get_controller(self):
        """Return the controller, who answers for the data, as plain values for documents.

        A field that nobody filled is an empty text; `missing` holds the labels of fields that a
        document needs.
        """
        self.ensure_one()
        # sudo: res.company, res.partner - how a company names itself to its customers
        company, root = self.sudo(), self.sudo().root_id
        place = self._dsgvo_get_place()
        address = place.partner_id._display_address(without_company=True)
        lines = [line.strip() for line in address.splitlines() if line.strip()]
        if place != root:
            lines.insert(0, place.name)
        mail, phone = (company[name] or root[name] or '' for name in ('email', 'phone'))
        values = {
            'name': root.name, 'address': "\n".join(lines), 'phone': phone, 'mail': mail,
            'officer': company._dsgvo_describe('dsgvo_officer_id'),
            'representative': company._dsgvo_describe('dsgvo_representative_id'),
            'authority': company.dsgvo_authority_id.name or '',
            'authority_seat': company.dsgvo_authority_id.seat or '',
            'authority_website': company.dsgvo_authority_id.website or ''}
        needed = {'street': place.street, 'city': place.city, 'zip': place.zip, 'phone': phone,
                  'email': mail, 'dsgvo_authority_id': company.dsgvo_authority_id}
        return values | {'missing': [
            self._fields[name]._description_string(self.env)
            for name, value in needed.items() if not value]}

    def _dsgvo_get_place(self):
        """Return the company whose address documents and letters bear."""
        # sudo: res.company - how a company names itself to its customers
        company = self.sudo()
        return company if company.street or company.city else company.root_id

    def _dsgvo_get_family(self):
        """Return the company to which this one belongs, with all of its branches."""
        # sudo: res.company - which companies are one does not depend on who asks
        return self.sudo().with_context(active_test=False).search(
            [('id', 'child_of', self.root_id.ids)])

    def _dsgvo_describe_sharing(self):
        """Return the other companies that share consents with this one, a line for each."""
        # sudo: res.company - with whom a company decides, customers are told
        own = self.sudo()
        others = own._dsgvo_same_controller().filtered('active').root_id - own.root_id
        controllers = [company._dsgvo_get_controller() for company in others.sorted('name')]
        return "\n".join(", ".join(filter(None, (
            one['name'], *one['address'].splitlines(), one['mail']))) for one in controllers)

    def _dsgvo_describe(self, name):
        """Return a contact with address, e-mail and telephone in one line."""
        contact = self[name] or self.root_id[name]
        lines = contact and [contact.name, *contact._display_address(
            without_company=True).splitlines(), contact.email, contact.phone]
        return ", ".join(line.strip() for line in lines or () if line and line.strip())
