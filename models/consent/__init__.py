from . import dsgvo_consent_event, pos_config, res_company, res_partner, sale_order
