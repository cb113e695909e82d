from .consent import test_consent
from .consent import test_consent_tours
from .consent import test_till_data
