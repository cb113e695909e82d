"""What the shop agrees on with who works for it: processors and employees."""
from odoo.tools.translate import LazyTranslate

from .document_blocks import Block, Kind

_lt = LazyTranslate(__name__)

PROCESSING_AGREEMENT = Kind(_lt("Data Processing Agreement"), _lt("Art. 28 (3) GDPR"), [
    Block('parties', _lt("Parties"), _lt("Art. 28 (3) GDPR"), _lt(
        "{company} (the controller) and the following firm (the processor) agree:"),
        data='parties'),
    Block('subject', _lt("Subject and duration"), _lt("Art. 28 (3) GDPR"), _lt(
        "The processor works with personal data for the controller as far as the contract about"
        " its services needs it. This agreement lasts as long as that contract, and as long as"
        " the processor still has data of the controller.")),
    Block('nature', _lt("Nature, purpose, data and persons"), _lt("Art. 28 (3) GDPR"), _lt(
        "Nature and purpose of the work, the kinds of data and the persons concerned follow from"
        " these activities of the controller:"), data='processor_activities'),
    Block('instructions', _lt("Instructions"), _lt("Art. 28 (3) (a), 29 GDPR"), _lt(
        "The processor works with the data on documented instructions only, also where data go to"
        " third countries, unless a law of the Union or a member state demands something else. In"
        " that case the processor says so before, unless this law forbids it.\n\n"
        "If the processor thinks that an instruction breaks the law, it tells the controller at"
        " once. It may wait until the controller confirms or changes the instruction.")),
    Block('confidentiality', _lt("Confidentiality"), _lt("Art. 28 (3) (b) GDPR"), _lt(
        "The processor only lets persons work with the data who are bound to confidentiality by"
        " contract or by law.")),
    Block('measures', _lt("Security"), _lt("Art. 28 (3) (c), 32 GDPR"), _lt(
        "The processor takes the measures of annex 2. It may replace them by others that protect"
        " no less, and notes such changes.")),
    Block('subprocessors', _lt("Sub-processors"), _lt("Art. 28 (2), (3) (d), (4) GDPR"), _lt(
        "The controller agrees to the firms of annex 1. The processor announces every further"
        " firm in text form at least 30 days before. The controller can object within this"
        " time. The processor binds each of them to the same duties and answers for them.")),
    Block('rights', _lt("Help with the rights of persons"), _lt("Art. 28 (3) (e) GDPR"), _lt(
        "The processor passes requests of persons on without delay and helps the controller to"
        " answer them, with suitable technical and organisational measures.")),
    Block('help', _lt("Help with duties of the controller"), _lt(
        "Art. 28 (3) (f), 32 to 36 GDPR"), _lt(
        "The processor helps with security, with impact assessments and with breaches. It tells"
        " the controller of a breach without delay after it noticed it, with all that the"
        " controller needs for its notification within {hours} hours.")),
    Block('end', _lt("Erasing and returning"), _lt("Art. 28 (3) (g) GDPR"), _lt(
        "At the end of the work the processor erases all data or returns them, as the controller"
        " chooses, and erases its copies, unless the law makes it keep them. It confirms that in"
        " text form.")),
    Block('audits', _lt("Proof and audits"), _lt("Art. 28 (3) (h) GDPR"), _lt(
        "The processor gives the controller all information that proves these duties. It allows"
        " audits by the controller, or by somebody whom the controller sends, and takes part in"
        " them.")),
    Block('signatures', _lt("Signatures"), _lt("Art. 28 (9) GDPR"), _lt(
        "This agreement is concluded in writing or in electronic form."), data='signatures'),
    Block('annex_firms', _lt("Annex 1: sub-processors"), _lt("Art. 28 (2) GDPR"), _lt(
        "To be filled in by the processor:"), data='empty_firms'),
    Block('annex_measures', _lt("Annex 2: measures"), _lt("Art. 32 GDPR"), _lt(
        "To be filled in by the processor:"), data='empty_measures'),
], made_for='party')

CONFIDENTIALITY = Kind(_lt("Commitment to Confidentiality"), _lt("Art. 5 (1) (f), 29 GDPR"), [
    Block('who', _lt("Who commits"), _lt("Art. 29, 32 (4) GDPR"), _lt(
        "The following person works for {company}:"), data='party'),
    Block('duty', _lt("What this means"), _lt("Art. 5 (1) (f), 29 GDPR"), _lt(
        "I use data of customers, colleagues and suppliers only for my work and as {company} tells"
        " me to. I keep them to myself, also towards friends, family and colleagues who do not"
        " need them. This stays so when I no longer work here.\n\n"
        "In the shop this means:\n"
        "- I look up a customer only if I have to.\n"
        "- I use my own login, tell nobody my password or PIN, and lock the screen when I go.\n"
        "- I read out no names, orders or telephone numbers that others can hear.\n"
        "- I note nothing about customers outside Odoo, and take no lists home.\n"
        "- I put paper with names into the shredder.\n"
        "- If something goes wrong, I say so at once: a wrong e-mail, a lost list, a stranger at"
        " the computer. Within {hours} hours the authority may have to know.")),
    Block('consequences', _lt("If I break it"), _lt("Art. 82, 83 GDPR; § 42 BDSG"), _lt(
        "Breaking this duty can have consequences at work, and can oblige me to pay damages or be"
        " punished.")),
    Block('informed', _lt("What I was told"), _lt("Art. 13, 39 (1) (a) GDPR"), _lt(
        "I was told about these duties and got a copy of this sheet."), data='signature'),
], made_for='party')
