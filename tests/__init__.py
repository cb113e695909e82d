from . import test_chain, test_translation
from .consent import (
    test_companies,
    test_consent,
    test_consent_form,
    test_consent_tours,
    test_import,
    test_install,
    test_ledger,
    test_merge,
    test_recording,
    test_register,
    test_till_data,
    test_validity,
)
from .erasure import (
    test_books,
    test_certificate,
    test_delivered,
    test_erasure,
    test_guard,
    test_indexes,
    test_map,
    test_needles,
    test_overview,
    test_preview,
    test_restore,
    test_restricted,
    test_rules,
    test_search,
    test_selection,
    test_suppression,
    test_third_parties,
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
