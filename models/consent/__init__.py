from . import (
    base_partner_merge,
    dsgvo_consent_chain,
    dsgvo_consent_event,
    dsgvo_consent_expiry,
    dsgvo_ledger_check,
    dsgvo_wording,
    pos_config,
    pos_res_partner,
    res_company,
    res_config_settings,
    res_partner,
    sale_order,
)
