from . import (
    dsgvo_data_gap,
    dsgvo_data_rule,
    dsgvo_data_rule_indexes,
    dsgvo_data_rule_updates,
    dsgvo_retention,
    res_partner,
    res_partner_addresses,
    res_partner_former,
)
