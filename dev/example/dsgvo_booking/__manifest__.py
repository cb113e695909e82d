{
    "name": "DSGVO: Bookings of Readings",
    "version": "19.0.1.0.0",
    "category": "Productivity/Data Protection",
    "summary": "Example of an addon that joins dsgvo: bookings with a message type, erased too",
    "author": "dsgvo contributors",
    "license": "LGPL-3",
    "depends": ["dsgvo"],
    "data": [
        "security/shop_booking_rules.xml",
        "security/ir.model.access.csv",
        "data/mail_template_data.xml",
        "data/dsgvo.message.rule.csv",
        "data/dsgvo.data.rule.csv",
    ],
}
