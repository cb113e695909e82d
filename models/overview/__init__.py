from . import (
    dsgvo_overview,
    dsgvo_overview_count,
    dsgvo_overview_counting,
    dsgvo_overview_sending,
    dsgvo_overview_tiles,
    ir_filters,
    res_company,
)
