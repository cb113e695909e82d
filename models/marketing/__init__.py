from . import dsgvo_block_list_mixin

# isort: split
# The block lists inherit the mixin above.
from . import (
    base,
    base_partner_merge,
    dsgvo_interest,
    mail_blacklist,
    mail_thread,
    mailing_contact,
    mailing_mailing,
    mailing_subscription,
    phone_blacklist,
    res_partner,
    res_partner_objection,
    res_users,
)
