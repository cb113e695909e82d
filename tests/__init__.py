from .consent import test_consent, test_install, test_merge
from .erasure import test_erasure, test_map, test_needles
from .notification import test_goods_receipt, test_order_type, test_sending, test_status_messages
from .marketing import (
    test_composer, test_interest, test_queue, test_recipients, test_unsubscribe,
)
