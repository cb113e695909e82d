from . import consent, erasure, suppression
