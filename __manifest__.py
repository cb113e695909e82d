{
    "name": "DSGVO: Consents that Act",
    "version": "19.0.1.0.0",
    "category": "Productivity/Data Protection",
    "summary": "Three consents per customer, acted on in orders, mailings, tills and erasure",
    "author": "dsgvo contributors",
    "license": "LGPL-3",
    "depends": ["pos_sale", "sale_stock", "mass_mailing_sms", "portal"],
    "data": [],
    "application": True,
}
