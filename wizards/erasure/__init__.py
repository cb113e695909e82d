from . import (
    base_module_uninstall,
    dsgvo_erasure_overview,
    dsgvo_erasure_preview,
    dsgvo_erasure_take_back,
    dsgvo_first_steps,
)
