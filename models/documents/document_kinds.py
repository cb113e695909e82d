"""Which documents there are, in the order in which a shop needs them."""
from .contract_texts import CONFIDENTIALITY, PROCESSING_AGREEMENT
from .customer_texts import INFORMATION as CUSTOMER_INFORMATION
from .customer_texts import NOTICE
from .information_texts import INFORMATION
from .register_texts import DELETION_CONCEPT, REGISTER, REGISTER_EXAMPLE
from .shop_texts import MEASURES, TILL_PROCEDURE

KINDS = {
    'customer_notice': NOTICE,
    'customer_information': CUSTOMER_INFORMATION,
    'processing_agreement': PROCESSING_AGREEMENT,
    'confidentiality': CONFIDENTIALITY,
    'register': REGISTER,
    'register_example': REGISTER_EXAMPLE,
    'information': INFORMATION,
    'deletion_concept': DELETION_CONCEPT,
    'measures': MEASURES,
    'till_procedure': TILL_PROCEDURE,
}
