from .consent import test_consent
from .notification import test_order_type
