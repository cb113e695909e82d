from . import dsgvo_consent_record, dsgvo_consent_withdrawal
