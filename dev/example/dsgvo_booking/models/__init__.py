from . import (
    dsgvo_erasure_blocker,
    dsgvo_erasure_period,
    dsgvo_erasure_recipient,
    shop_booking,
)
