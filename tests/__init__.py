from .consent import test_consent
from .marketing import test_recipients
