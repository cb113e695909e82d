from . import base, dsgvo_message_mixin, dsgvo_message_rule

# isort: split
# The messages inherit the mixin above.
from . import (
    dsgvo_notification,
    ir_actions_server,
    mail_compose_message,
    mail_followers_edit,
    mail_mail,
    mail_notification,
    mail_template,
    mail_thread,
    mailing_mailing_test,
    res_partner,
    sale_order,
    sms_composer,
    sms_sms,
)
