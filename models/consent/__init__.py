from . import dsgvo_consent_event, res_company, res_partner
