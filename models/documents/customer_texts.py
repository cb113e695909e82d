"""What customers are told: the notice at the counter, and the full information."""
from odoo.tools.translate import LazyTranslate

from .document_blocks import Block, Kind

_lt = LazyTranslate(__name__)

NOTICE = Kind(_lt("Customer Notice"), _lt("Art. 12, 13 GDPR"), [
    Block('who', _lt("Your data at {company}"), _lt("Art. 13 (1) (a), (b) GDPR"), _lt(
        "{company} is responsible for your data: {contact}"), data='notice_officer'),
    Block('what', _lt("What we use your data for"), _lt("Art. 13 (1) (c), (d) GDPR"), _lt(
        "If you order something, we note your name, how we reach you, and what you ordered. We"
        " need that to get it for you and to hand it over.\n\n"
        "{agreement} You can say no to each of them and shop with us all the same.")),
    Block('recipients', _lt("Who gets them"), _lt("Art. 13 (1) (e) GDPR"), _lt(
        "Only those who work for us or must get them by law, such as our wholesaler, our computing"
        " centre and the tax office. We do not sell your data.")),
    Block('period', _lt("How long we keep them"), _lt("Art. 13 (2) (a) GDPR"), _lt(
        "{storage} Invoices stay as long as the law says.")),
    Block('rights', _lt("Your rights"), _lt("Art. 13 (2) (b), (c), (d) GDPR"), _lt(
        "You can see, correct and take along your data, have them erased or restricted, and"
        " withdraw each consent at any time. You can complain to: {authority}.")),
    Block('objection', _lt("You can object"), _lt("Art. 21 (4) GDPR"), _lt(
        "You can object to advertising at any time. Tell us at the counter or at {mail}. Then you"
        " will get no more."), is_boxed=True),
    Block('more', _lt("The full information"), _lt("Art. 12 (1) GDPR"), _lt(
        "Ask us for it, or open it with your telephone:"), data='page_code'),
], is_letter_size=False)

INFORMATION = Kind(_lt("Customer Information"), _lt("Art. 13, 14, 21, 26 GDPR"), [
    Block('greeting', _lt("About this information"), _lt("Art. 12 (1) GDPR"), _lt(
        "Here {company} tells you which data of yours we use, what for, how long, and what you"
        " can decide.")),
    Block('controller', _lt("Who is responsible"), _lt("Art. 13 (1) (a) GDPR"), _lt(
        "Responsible for all that follows:"), data='controller'),
    Block('officer', _lt("Our data protection officer"), _lt("Art. 13 (1) (b) GDPR"), _lt(
        "With every question about your data you can turn to:"), data='officer'),
    Block('joint', _lt("With whom we decide together"), _lt("Art. 26 (2) GDPR"), _lt(
        "For some activities we decide together with others about your data. You can turn to each"
        " of us with your rights; {company} is the contact point."), data='joint_controllers'),
    Block('own', _lt("What you decided"), _lt("Art. 7 (1), (3) GDPR"), _lt(
        "We noted these decisions of yours. You can withdraw each consent for the future, without"
        " giving reasons: at the counter, by e-mail to {mail}, or by letter."),
        data='own_decisions'),
    Block('purposes', _lt("What we use your data for"), _lt(
        "Art. 13 (1) (c), (d), (e), (2) (a) GDPR"), _lt(
        "Each purpose is listed with its legal basis, who gets the data, and how long we keep"
        " them."), data='customer_activities'),
    Block('consents', _lt("What only happens if you agree"), _lt("Art. 7, 13 (2) (c) GDPR"), _lt(
        "We ask you for three consents, each on its own: that we keep your data after the sale,"
        " that we tell you when your order has arrived, and that we send you invitations and"
        " advertising.\n\n"
        "You can give each of them, refuse it, or leave the question open. You have no"
        " disadvantage from a refusal. You can withdraw each consent at any time; what was done"
        " until then stays lawful.")),
    Block('objection', _lt("Your right to object"), _lt("Art. 21 (1), (2), (4) GDPR"), _lt(
        "You can object at any time to the use of your data for advertising, without giving"
        " reasons. Then we do not use them for that any more.\n\n"
        "Where we rely on legitimate interests (Art. 6 (1) (f) GDPR), you can object for reasons"
        " that arise from your situation.\n\n"
        "Tell us at the counter, or write to {mail}."), is_boxed=True),
    Block('recipients', _lt("Who gets your data"), _lt("Art. 13 (1) (e), (f) GDPR"), _lt(
        "We do not sell data. These firms and offices can get what they need for their task:"),
        data='customer_recipients'),
    Block('third_countries', _lt("Countries outside Europe"), _lt("Art. 13 (1) (f) GDPR"), _lt(
        "Whether data go to countries outside the European Economic Area:"),
        data='third_countries'),
    Block('periods', _lt("What the law makes us keep"), _lt("Art. 13 (2) (a) GDPR"), _lt(
        "These data stay for a time, even if you want to be forgotten. Until then nobody but our"
        " privacy officer and the bookkeeping uses them (Art. 18 GDPR)."), data='retentions'),
    Block('others', _lt("Data of other persons, and from others"), _lt("Art. 14 GDPR"), _lt(
        "If you order a gift or have something delivered to somebody, we get the name and the"
        " address of this person from you. We use them for this delivery only.\n\n"
        "If you order from us through the web shop of a partner or a wholesaler, we get your"
        " name, your address and your order from there.")),
    Block('duty', _lt("Whether you have to give us data"), _lt("Art. 13 (2) (e) GDPR"), _lt(
        "No. At the till you can shop without a name. Without a name and a way to reach you we"
        " can, however, not order anything for you, and not deliver.")),
    Block('automated', _lt("No decisions by a machine"), _lt("Art. 13 (2) (f), 22 GDPR"), _lt(
        "We let no machine decide anything about you that has legal effects.")),
    Block('rights', _lt("Your rights"), _lt("Art. 13 (2) (b), 15 to 20 GDPR"), _lt(
        "- You can see your data and get a copy (Art. 15).\n"
        "- You can have wrong data corrected (Art. 16).\n"
        "- You can have your data erased (Art. 17).\n"
        "- You can have their use restricted (Art. 18).\n"
        "- You can take the data along that you gave us (Art. 20).\n\n"
        "A word at the counter is enough, or a message to {mail}. We answer within a month.")),
    Block('complaint', _lt("Where you can complain"), _lt("Art. 13 (2) (d), 77 GDPR"), _lt(
        "You can complain to every data protection authority. Ours is:"), data='authority'),
], made_for='person')
