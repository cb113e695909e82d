from .consent import test_consent
from .marketing import (
    test_composer, test_interest, test_queue, test_recipients, test_unsubscribe,
)
