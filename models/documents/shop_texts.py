"""What the shop keeps for itself: measures, and the procedure at the till."""
from odoo.tools.translate import LazyTranslate

from .document_blocks import Block, Kind

_lt = LazyTranslate(__name__)

MEASURES = Kind(_lt("Technical and Organisational Measures"), _lt("Art. 32 GDPR"), [
    Block('about', _lt("How to use this checklist"), _lt("Art. 32 (1) GDPR"), _lt(
        "Answer what Odoo cannot know, and change what is not so at {company}. Look at the list"
        " once a year.")),
    Block('here', _lt("What is set in Odoo"), _lt("Art. 25, 32 GDPR"), _lt(
        "These answers come from the settings of this database:"), data='measures_here'),
    Block('confidentiality', _lt("Confidentiality"), _lt("Art. 32 (1) (b) GDPR"), _lt(
        "Nobody sees data who does not need them.\n"
        "- Each employee has an own login. Rights follow from groups: clerk, privacy officer.\n"
        "- Restricted customers are found by the privacy officer only.\n"
        "- Doors, alarm, who has keys: {gap}\n"
        "- Screens locked after minutes: {gap}\n"
        "- Wireless network of guests apart from the shop's: {gap}")),
    Block('pseudonymisation', _lt("Pseudonymisation and encryption"), _lt(
        "Art. 32 (1) (a) GDPR"), _lt(
        "- Customers who were erased or objected are only known as keyed hashes.\n"
        "- The ledger of consents outlives a customer without the name.\n"
        "- Browsers reach Odoo by an encrypted connection (https): {gap}\n"
        "- Disks of server, tills and laptops are encrypted: {gap}\n"
        "- Backups are encrypted: {gap}")),
    Block('integrity', _lt("Integrity"), _lt("Art. 32 (1) (b) GDPR"), _lt(
        "- Decisions of customers stand in a ledger that nobody can change afterwards, and that"
        " can be verified.\n"
        "- Posted invoices cannot be changed.\n"
        "- Messages without the necessary consent do not leave Odoo, whoever sends them.")),
    Block('availability', _lt("Availability and restoring"), _lt("Art. 32 (1) (b), (c) GDPR"), _lt(
        "- Backups are made every: {gap}\n"
        "- They are kept at another place: {gap}\n"
        "- A restore was tried last on: {gap}\n"
        "- After a restore, erased customers are erased again from the list of erasures.")),
    Block('review', _lt("Regular review"), _lt("Art. 32 (1) (d) GDPR"), _lt(
        "- Odoo reminds of reviews of the register, of breaches, and of what needs a decision.\n"
        "- Every night the database is searched for what is left of erased customers.\n"
        "- Odoo and its server get security updates within: {gap}")),
    Block('people', _lt("People and firms"), _lt("Art. 28, 29, 32 (4) GDPR"), _lt(
        "- All employees signed the commitment to confidentiality: {gap}\n"
        "- Last training on: {gap}\n"
        "- With these processors an agreement is missing or not noted yet:"),
        data='processors_without_contract'),
])

TILL_PROCEDURE = Kind(
    _lt("Procedure of the Till: Customer Data"), _lt("§ 146a AO, GoBD; Art. 5, 17 GDPR"), [
    Block('aim', _lt("What this describes"), _lt("GoBD; § 146 (4) AO"), _lt(
        "This is the part of the procedure documentation of {company} that says what the till"
        " records of customers, when this is replaced, and what stays. Amounts, articles, taxes"
        " and times are never changed by it."), data='till'),
    Block('recorded', _lt("What the till records"), _lt("§ 146 (1) AO; Art. 5 (1) (c) GDPR"), _lt(
        "A sale needs no customer. A customer stands on a sale if somebody chose one, or if a"
        " special order is sold. Then the record has a link to the contact with name, address,"
        " and tax number if there is one. With an invoice, name and address stand on the"
        " invoice.\n\n"
        "The part that the technical security equipment signs has amounts and means of payment,"
        " but no customer.")),
    Block('session', _lt("Until the session is closed"), _lt("§ 146a AO"), _lt(
        "The fiscal service gets the sales of a session when it is closed, or at once, as its"
        " addon does. A customer who was erased before that is exported as the anonymous"
        " customer.")),
    Block('replaced', _lt("When the customer is replaced"), _lt("Art. 17 GDPR"), _lt(
        "{replacement} Link, notes and texts that name the customer are treated as the map of"
        " personal data says:"),
        data='till_treatments'),
    Block('stays', _lt("What stays"), _lt("§ 147 AO; Art. 17 (3) (b) GDPR"), _lt(
        "Every sale stays as a single record with its number, time, articles, amounts, taxes,"
        " payments and signature. The number of the special order stays, too. An invoice with its"
        " customer stays unchanged until its period is over."), data='retentions'),
    Block('browsers', _lt("Copies in the tills"), _lt("Art. 17, 32 GDPR"), _lt(
        "Each till keeps customers in its browser to work without a network. When a customer is"
        " erased, the tills are told without a name and remove the customer. A till that was off"
        " catches up when it starts.")),
    Block('handed', _lt("What was handed over before"), _lt("Art. 19 GDPR"), _lt(
        "Exports that an auditor, a fiscal service or a tax adviser has got are not changed. They"
        " are listed as recipients after an erasure.")),
    Block('who', _lt("Who may see what"), _lt("Art. 32 GDPR"), _lt(
        "Cashiers see the customers of the till, as long as these are not erased or restricted."
        " Only the privacy officer sees certificates of erasures and the customers whom the law"
        " keeps.")),
])
