from . import test_chain, test_translation
from .consent import (
    test_consent,
    test_consent_form,
    test_consent_tours,
    test_import,
    test_install,
    test_ledger,
    test_merge,
    test_recording,
    test_till_data,
)
from .erasure import (
    test_certificate,
    test_erasure,
    test_map,
    test_needles,
    test_preview,
    test_suppression,
)
from .marketing import (
    test_composer,
    test_interest,
    test_mailing_tour,
    test_queue,
    test_recipients,
    test_unsubscribe,
)
from .notification import test_goods_receipt, test_order_type, test_sending, test_status_messages
