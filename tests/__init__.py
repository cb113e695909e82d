from .consent import test_consent
from .erasure import test_erasure, test_map, test_needles
