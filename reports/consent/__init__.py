from . import dsgvo_consent_form
