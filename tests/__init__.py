from .consent import test_consent
from .erasure import test_erasure
