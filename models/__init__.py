from . import consent, erasure, marketing, notification
