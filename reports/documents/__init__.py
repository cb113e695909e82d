from . import dsgvo_document_customer, dsgvo_document_parties, dsgvo_document_shop, dsgvo_xlsx
