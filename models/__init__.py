from . import consent, erasure, marketing, notification

# isort: split
# Extends what notification defines.
from . import gate
