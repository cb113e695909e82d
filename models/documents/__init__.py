from . import (
    dsgvo_authority,
    dsgvo_breach,
    dsgvo_deadline,
    dsgvo_document,
    dsgvo_document_block,
    dsgvo_document_files,
    dsgvo_document_kind,
    dsgvo_processing_activity,
    dsgvo_processing_data,
    dsgvo_processing_recipient,
    res_company,
    res_partner,
)
