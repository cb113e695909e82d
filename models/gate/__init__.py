from . import (
    base,
    dsgvo_composer_mixin,
    dsgvo_message_mixin,
    dsgvo_message_rule,
    dsgvo_message_rule_names,
    dsgvo_origin_mixin,
)

# isort: split
# The messages and composers inherit the mixins above.
from . import (
    account_move_send,
    discuss_channel,
    dsgvo_notification,
    ir_actions_server,
    mail_compose_message,
    mail_followers_edit,
    mail_mail,
    mail_message_schedule,
    mail_notification,
    mail_scheduled_message,
    mail_template,
    mail_thread,
    mailing_mailing_test,
    portal_share,
    res_partner,
    res_users,
    sale_order,
    sms_composer,
    sms_sms,
)
