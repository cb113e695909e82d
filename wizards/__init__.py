from . import consent, erasure, overview, suppression
