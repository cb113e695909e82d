from . import (
    base_partner_merge,
    dsgvo_data_gap,
    dsgvo_data_rule,
    dsgvo_erasure,
    dsgvo_erasure_blocker,
    indexes,
    pos_order,
    pos_session,
    res_company,
    res_config_settings,
    res_partner,
    wizards,
)
