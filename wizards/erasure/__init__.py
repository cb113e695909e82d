from . import (
    base_module_uninstall,
    dsgvo_erasure_overview,
    dsgvo_erasure_preview,
    dsgvo_erasure_selection,
)
