from . import consent, documents
