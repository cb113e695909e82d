"""The register of processing activities, its example, and the deletion concept."""
from odoo.tools.translate import LazyTranslate

from .document_blocks import Block, Kind

_lt = LazyTranslate(__name__)

REGISTER = Kind(_lt("Register of Processing Activities"), _lt("Art. 30 GDPR"), [
    Block('controller', _lt("Who is responsible"), _lt("Art. 30 (1) (a) GDPR"), _lt(
        "This register names what is done with data of persons at {company}. The authority gets"
        " it on demand (Art. 30 (4) GDPR)."), data='controller'),
    Block('officer', _lt("Data protection officer"), _lt("Art. 30 (1) (a), 37 GDPR"), _lt(
        "A company names an officer if at least 20 persons permanently work with data on"
        " computers (§ 38 BDSG)."), data='officer'),
    Block('activities', _lt("Processing Activities"), _lt("Art. 30 (1) (b) to (g) GDPR"), _lt(
        "Kinds of data and periods come from the map of personal data, by which customers are"
        " really erased."), data='activities'),
    Block('clients', _lt("Activities on behalf of others"), _lt("Art. 30 (2) GDPR"), _lt(
        "These activities are done on instruction of somebody else:"), data='client_activities'),
    Block('measures', _lt("Technical and organisational measures"), _lt(
        "Art. 30 (1) (g), 32 GDPR"), _lt(
        "The measures are described in a document of their own (Art. 32 GDPR)."),
        data='measures_here'),
])

REGISTER_EXAMPLE = Kind(_lt("Register, Filled Example"), _lt("Art. 30 GDPR"), [
    Block('about', _lt("What this example shows"), _lt("Art. 30 GDPR"), _lt(
        "This is how the register of a small bookshop can look when it is complete. Shop and"
        " persons are invented; the activities are those of this program, with what was changed in"
        " them here. Compare it with your own register, and copy nothing that is not so at your"
        " shop.")),
    Block('controller', _lt("Who is responsible"), _lt("Art. 30 (1) (a) GDPR"), _lt(
        "The invented bookshop:"), data='example_controller'),
    Block('activities', _lt("Processing Activities"), _lt("Art. 30 (1) (b) to (g) GDPR"), _lt(
        "An activity that a shop does not have is left out."), data='example_activities'),
])

DELETION_CONCEPT = Kind(_lt("Deletion Concept"), _lt("Art. 5 (1) (e), 17 GDPR; DIN 66398"), [
    Block('aim', _lt("Aim and scope"), _lt("Art. 5 (1) (e), (2) GDPR"), _lt(
        "This concept says which data of customers {company} keeps in Odoo, how long, when the"
        " period starts, and how they go. It follows the method of DIN 66398: kinds of data,"
        " rules, start, classes.")),
    Block('kinds', _lt("Kinds of data and their periods"), _lt("Art. 5 (1) (e) GDPR"), _lt(
        "The table comes from the map of personal data. Each kind has one purpose; where the law"
        " keeps a part of it, its period stands there."), data='kinds_of_data'),
    Block('periods', _lt("Standard periods"), _lt(
        "§ 147 AO, § 257 HGB, Art. 17 (3) (b) GDPR"), _lt(
        "There are few periods, and every kind of data has one of them. None of these data are"
        " erased before; years are counted as the table says."), data='retentions'),
    Block('matrix', _lt("Classes: period and start"), _lt("DIN 66398"), _lt(
        "A class is a period together with its start. Empty cells are classes that this shop does"
        " not need."), data='matrix'),
    Block('reasons', _lt("When a customer is erased"), _lt("Art. 17 (1) GDPR"), _lt(
        "A customer without consent to storage is erased after the special order was sold, if"
        " that is switched on. Besides, customers are erased on request, after the withdrawal of"
        " the consent to storage and its grace time, and after the periods of this table."),
        data='erasure_periods'),
    Block('how', _lt("How and by whom"), _lt("Art. 5 (1) (f), (2), 32 GDPR"), _lt(
        "Odoo erases by itself, with a job that runs after each sale and every ten minutes. A"
        " customer is always erased as a whole or not at all. At night the database is"
        " searched for what may be left. A certificate without the name notes what was removed,"
        " what stays, why and until when.\n\n"
        "What happens at each kind of data:"), data='treatments'),
    Block('stays', _lt("What stays, and why"), _lt("Art. 17 (3), 18 GDPR; § 35 BDSG"), _lt(
        "As long as the law keeps a document with the name of the customer, name and address stay"
        " with it and are restricted: only the privacy officer finds them. When the period is"
        " over they go by themselves.\n\n"
        "Orders and sales of the till stay without the customer, for the books. In the place of"
        " the customer stands one anonymous customer, the same for everybody. No list leads back"
        " from there to a person, so these data are anonymous and not only under a"
        " pseudonym.")),
    Block('special', _lt("Special situations"), _lt("Art. 17 (3) (e), 18, 33 GDPR"), _lt(
        "- Dispute: the privacy officer locks the customer; nothing is erased until the lock is"
        " lifted.\n"
        "- Tax audit: the officer notes company and years; their documents stay until the audit"
        " is over.\n"
        "- Open business: an open order, an unpaid invoice, a voucher or an unsettled sale of the"
        " till keeps the customer for now. Odoo looks again by itself.\n"
        "- Request of a customer: answered within a month (Art. 12 (3) GDPR).\n"
        "- Failure: a customer whom Odoo cannot erase is listed with the reason; the officer is"
        " told.\n"
        "- Recipients who got data are listed after an erasure, to be told (Art. 19 GDPR).")),
    Block('backups', _lt("Backups"), _lt("Art. 17, 32 (1) (c) GDPR"), _lt(
        "Erased customers stay in backups until these are thrown away. After a restore, the list"
        " of erasures erases them again. So the list lives as long as the oldest backup."),
        data='backups'),
    Block('roles', _lt("Who is in charge"), _lt("Art. 5 (2), 24 GDPR"), _lt(
        "The privacy officer of the shop approves periods, looks at what is blocked, and reviews"
        " this concept once a year and after each change of the law or of Odoo. Reviewed by:"
        " {gap}, on: {gap}")),
])
