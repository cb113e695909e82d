from . import (
    base_module_uninstall,
    dsgvo_consent_record,
    dsgvo_consent_withdrawal,
    dsgvo_erasure_overview,
    dsgvo_erasure_preview,
    dsgvo_erasure_replay,
    dsgvo_erasure_selection,
)
