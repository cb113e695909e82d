from . import dsgvo_erasure_preview
