from .consent import test_consent, test_install, test_merge
from .erasure import test_erasure, test_map, test_needles
