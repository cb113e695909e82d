from .consent import test_consent
