from . import (
    dsgvo_data_gap,
    dsgvo_data_rule,
    dsgvo_data_rule_indexes,
    dsgvo_data_rule_kinds,
    dsgvo_data_rule_names,
    dsgvo_data_rule_updates,
    dsgvo_retention,
    dsgvo_tax_audit,
    res_partner,
    res_partner_addresses,
    res_partner_former,
)
