from . import (
    base_partner_merge,
    dsgvo_erasure_list,
    dsgvo_erasure_outdated,
    dsgvo_erasure_suppression,
    dsgvo_ledger_check_head,
    dsgvo_suppression,
    dsgvo_suppression_list,
    res_partner_suppression,
)
