from .consent import test_consent
from .notification import test_goods_receipt, test_order_type, test_sending, test_status_messages
