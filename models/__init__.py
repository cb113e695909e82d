from . import jobs

# isort: split
# All others run by what it offers.
from . import consent, erasure, marketing, notification

# isort: split
# Extends what notification defines.
from . import gate
