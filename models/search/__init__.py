from . import (
    dsgvo_erasure_residual,
    dsgvo_erasure_search,
    dsgvo_erasure_search_chunk,
    dsgvo_erasure_value,
)
