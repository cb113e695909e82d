from . import (
    dsgvo_erasure_blocker,
    dsgvo_erasure_recipient,
    dsgvo_erasure_rule,
    shop_booking,
)
