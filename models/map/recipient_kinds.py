"""Who gets data of customers from a shop: the kinds to choose from."""

RECIPIENT_KINDS = [
    ('supplier', "Supplier who delivers to customers"),
    ('carrier', "Carrier"),
    ('mail', "Mail server"),
    ('sms', "SMS service"),
    ('letter', "Letter service"),
    ('payment', "Payment provider"),
    ('completion', "Completion of addresses"),
    ('terminal', "Payment terminal"),
    ('tse', "Fiscal service of the till (TSE)"),
    ('adviser', "Tax adviser"),
    ('bank', "Bank"),
    ('host', "Host of Odoo"),
    ('shop_partner', "Web-shop partner"),
]
