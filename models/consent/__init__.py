from . import base_partner_merge, dsgvo_consent_event, res_company, res_partner
