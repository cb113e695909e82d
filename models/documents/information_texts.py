"""What the GDPR asks of a shop and what the program does for it, for those who sell."""
from odoo.tools.translate import LazyTranslate

from .document_blocks import Block, Kind

_lt = LazyTranslate(__name__)

INFORMATION = Kind(_lt("Information for the Shop"), _lt("GDPR in the shop"), [
    Block('why', _lt("What this is about"), _lt("Art. 1, 4, 5 GDPR"), _lt(
        "Whoever notes a name, a telephone number or an order works with personal data. That is"
        " everything that leads to a person: also the number of an order, a slip in the shelf,"
        " or a note at a contact.\n\n"
        "The GDPR asks three things of you above all:\n"
        "- Have a reason for what you do with data, and use them for nothing else.\n"
        "- Keep no more than you need, and no longer.\n"
        "- Be able to show both.\n\n"
        "These pages say what that means for a shop like {company}, and what Odoo does for you."
        " They are written for those who sell, not for lawyers.")),
    Block('roles', _lt("Who does what"), _lt("Art. 24, 29, 32 (4) GDPR"), _lt(
        "The company is responsible, not the person at the counter. The owner or the management"
        " decides and answers for it.\n"
        "- Everybody at the counter asks for consents, notes answers, takes withdrawals, and"
        " lets the privacy officer know when something goes wrong.\n"
        "- The privacy officer in Odoo sees the proof, starts and watches erasures, keeps the"
        " register, and makes these documents. In a small shop this is often the owner.\n"
        "- The administrator gives rights and looks after backups.\n\n"
        "Give the rights of the privacy officer to few persons only. Whoever has them sees"
        " signatures, reasons of disputes, and customers whom nobody else finds any more.")),
    Block('basis', _lt("When you may use data"), _lt("Art. 6 GDPR"), _lt(
        "There are four reasons that matter in a shop:\n"
        "- The contract (Art. 6 (1) (b)): name, telephone number and titles of a special order"
        " are needed to get the book and to hand it over. No consent is needed for that.\n"
        "- A law (Art. 6 (1) (c)): you must write and keep invoices and books.\n"
        "- A consent (Art. 6 (1) (a)): for what goes beyond the order, such as keeping the"
        " customer after the sale, or advertising.\n"
        "- Your own interest (Art. 6 (1) (f)), if the customer's does not weigh more: for"
        " example to collect a debt. The customer can object.\n\n"
        "Choose one reason for each activity and stay with it. Do not ask for a consent to"
        " something that you would do anyway: whoever says no then rightly feels deceived. Which"
        " reason belongs to which activity stands in the register.")),
    Block('consent', _lt("Three consents"), _lt("Art. 7 GDPR"), _lt(
        "Odoo asks for three consents, each on its own:\n"
        "- Storage: the customer stays in your file after the sale.\n"
        "- Notification: you tell the customer when the order is here.\n"
        "- Marketing: invitations, advertising, and a profile with interests.\n\n"
        "Nothing is ticked before. There are three answers: given, refused, and never asked."
        " “Never asked” is neither a refusal nor a consent. Leave open what you did not ask.\n\n"
        "The label DSGVO beside a customer shows it at a glance: grey for no consent, yellow"
        " for some, green for all. The word stands beside the colour.")),
    Block('asking', _lt("How to ask"), _lt("Art. 4 no. 11, 7 (2), (4) GDPR"), _lt(
        "A consent counts only if it is voluntary, informed and clear. At the counter that"
        " means:\n"
        "- Say who asks and for what, in one sentence for each question.\n"
        "- Say that everything is voluntary, and that each consent can be withdrawn at any"
        " time.\n"
        "- Take a no as kindly as a yes. Nobody is served worse because of it, and no discount"
        " hangs on a yes.\n"
        "- With a queue behind the customer, ask another time. No sale needs an answer.\n\n"
        "Silence, a business card in a bowl or a box that was ticked already is no consent.\n\n"
        "By telephone, read the text aloud that Odoo shows, and note the answer with the way"
        " “by telephone”.")),
    Block('proof', _lt("Proof"), _lt("Art. 5 (2), 7 (1) GDPR"), _lt(
        "You must be able to prove a consent, years later, too. So each decision stands in a"
        " ledger with its day, the way it came, who noted it, and the version of the text that"
        " was agreed to. A signature from the screen or the scan of a form stands with it; only"
        " the privacy officer sees it.\n\n"
        "Nobody can change or delete an entry of the ledger. After a wrong click, note the"
        " right answer afterwards, and both stay. The privacy officer can let Odoo verify that"
        " the ledger is complete.\n\n"
        "If you word a consent anew, Odoo keeps the old version, because earlier customers"
        " agreed to that one.")),
    Block('withdraw', _lt("When somebody takes it back"), _lt("Art. 7 (3) GDPR"), _lt(
        "Taking back must be as easy as giving. Do not ask why, and do not send the customer to"
        " a form. Everybody at the counter can note a withdrawal.\n"
        "- Storage withdrawn: the customer is erased after the grace time, as soon as nothing"
        " is open any more.\n"
        "- Notification withdrawn: open orders get the message type K, and waiting messages are"
        " cancelled.\n"
        "- Marketing withdrawn: interests are erased, and waiting mailings leave the customer"
        " out.\n\n"
        "What you did until then stays lawful.")),
    Block('inform', _lt("Telling customers"), _lt("Art. 12, 13 GDPR"), _lt(
        "You tell customers about their data when you collect them, not only when they ask. Do"
        " it in two steps:\n"
        "- The customer notice lies on the counter: one page, the most important things, and a"
        " QR code.\n"
        "- The customer information says everything. The QR code opens it as a page in the web,"
        " without login, and it is always up to date. Hand out the printed one to everybody who"
        " asks.\n\n"
        "Both name the right to object to advertising in a box of its own, because the law"
        " wants it to stand apart. Have something new in mind with data that you have already?"
        " Say so before you start.")),
    Block('orders', _lt("Special orders"), _lt("Art. 5 (1) (c), 6 (1) (b) GDPR"), _lt(
        "For a special order note what you need to get the book and to hand it over: a name,"
        " one way to reach the customer, the titles. A birthday or a second telephone number is"
        " not needed.\n\n"
        "Titles say a lot about a person: about health, faith or worries. So be discreet:\n"
        "- Do not call an order across the shop, and turn the screen away from other customers.\n"
        "- Put slips in the shelf so that nobody else reads them.\n"
        "- Tell only the customer which titles came, not the family and not an answering"
        " machine. The number of the order is enough.")),
    Block('notify', _lt("When the book is here"), _lt("Art. 6 (1) (a) GDPR"), _lt(
        "Each order has a message type: e-mail, telephone, SMS, letter, or K for no message."
        " Without the consent to notification it is K, and the customer comes by. Odoo looks"
        " again just before a message leaves: whoever withdrew in the meantime gets none.\n\n"
        "Calls and letters wait in the work list. Tick off what is done, so that nobody calls"
        " twice.\n\n"
        "A notification is no advertising. Keep it free of offers and of requests for a rating:"
        " a few words of advertising make the whole message advertising.")),
    Block('till', _lt("At the till"), _lt("Art. 5 (1) (c) GDPR; § 146a AO"), _lt(
        "A sale needs no name. Choose a customer at the till only if a special order is"
        " collected, an invoice is wanted, or the customer asks for it. Up to 250 euros an"
        " invoice needs no name of the buyer, so the receipt is enough.\n\n"
        "After the sale a customer without consent to storage is replaced by the anonymous"
        " customer, once this is switched on. Amounts, articles, taxes and times never change."
        " The procedure of the till says what is recorded and what stays.\n\n"
        "Close the tills in the evening. Then the browser forgets the customers.")),
    Block('third', _lt("Gifts, children and other persons"), _lt("Art. 8, 9, 14 GDPR"), _lt(
        "- Whoever gets a gift did not give you the address. Use it for this delivery only. The"
        " customer information says so.\n"
        "- Somebody else collects: the number of the order is enough. Note no name for it.\n"
        "- Interests such as “children's books” belong to the customer. Never note name or"
        " birthday of a child.\n"
        "- Interests can be sensitive, such as faith or health. Note them only if the customer"
        " expressly wants that.\n"
        "- On web pages, persons below 16 cannot consent without their parents.")),
    Block('advertising', _lt("Advertising"), _lt("§ 7, 7a UWG; Art. 21 GDPR"), _lt(
        "E-mail, SMS and telephone calls for advertising need a consent before. Newsletters,"
        " invitations to readings, vouchers and surveys are advertising, too. For e-mails, firms"
        " must have agreed as well.\n\n"
        "Odoo leaves out everybody without this consent, in mailings and in messages to many,"
        " and says how many. You need not take anybody out yourself. A link in each mailing"
        " unsubscribes, and that counts at once.\n\n"
        "Whoever objects is noted and gets nothing more, even if the address comes back with a"
        " new list.\n\n"
        "The three consents of Odoo do not cover tracking by invisible pictures. Keep proof of"
        " consents to telephone advertising for five years after the last call (§ 7a UWG); lock"
        " the customer before an erasure if you advertise by telephone.")),
    Block('erasing', _lt("Erasing"), _lt("Art. 5 (1) (e), 17 GDPR"), _lt(
        "Data go when you do not need them any more. Odoo erases a customer, each for a reason"
        " that you can read afterwards:\n"
        "- after the special order was sold, without consent to storage, once you have switched"
        " that on;\n"
        "- after a withdrawal and its grace time;\n"
        "- when a customer asks for it;\n"
        "- when a period of the following table is over, if it is switched on.\n\n"
        "Before you switch something on, Odoo shows the customers who would go. A customer is"
        " erased as a whole or not at all. If something is still open, such as an order, an"
        " invoice or a voucher, Odoo waits, says why, and looks again by itself.\n\n"
        "At night Odoo searches the database for what may be left. A certificate without the"
        " name says what was removed, and what stays."), data='erasure_periods'),
    Block('keeping', _lt("What you must keep"), _lt(
        "Art. 17 (3), 18 GDPR; § 147 AO, § 257 HGB"), _lt(
        "The tax law is stronger than the wish to be forgotten. As long as it keeps an invoice,"
        " name and address stay with it. Everything that the invoice does not need goes at once:"
        " e-mail, telephone, interests, messages.\n\n"
        "The customer is then restricted: no longer found at the till, in mailings or in the"
        " search, except by the privacy officer. When the period is over, the rest goes by"
        " itself. These are the periods:"), data='retentions'),
    Block('backups', _lt("Backups, paper and mailbox"), _lt("Art. 5 (1) (e), (f), 32 GDPR"), _lt(
        "Odoo erases in its own database. The rest is up to you:\n"
        "- Backups keep erased customers until they are thrown away. After a restore, the list"
        " of erasures erases them again. Keep this list at another place, and enter in Odoo how"
        " long your oldest backup lives.\n"
        "- Printed lists, slips and filled-in forms belong in the shredder once they are"
        " noted.\n"
        "- The mailbox of the shop fills with names, too. Empty it regularly.\n"
        "- Tables that you took out of Odoo are copies. Delete them when they have done their"
        " work. Odoo notes who fetched which table.")),
    Block('requests', _lt("When a customer asks"), _lt("Art. 12, 15 to 22 GDPR"), _lt(
        "Answer within a month; with good reasons you may take two more, if you say so within"
        " the first. It costs nothing. First make sure that it is really this person: call back"
        " a stranger on the telephone.\n"
        "- “What do you have about me?” Put together what Odoo shows, with purposes, periods"
        " and recipients. The customer information for this customer helps.\n"
        "- “That is wrong.” Correct it at once, also in open orders.\n"
        "- “Delete me.” The privacy officer looks at the preview and erases. It says in plain"
        " words what stays and until when; tell the customer that.\n"
        "- “No more advertising.” Note it at once. No reason is needed.\n"
        "- “We still argue about that.” The privacy officer locks the customer, so that nothing"
        " is erased.\n\n"
        "Odoo does not count the month of a request. Put it into the calendar.")),
    Block('others', _lt("Who works for you"), _lt("Art. 19, 28 GDPR"), _lt(
        "Whoever works with data of your customers on your instruction is a processor and needs"
        " an agreement before: the host of Odoo, the firm that looks after it, services for"
        " e-mail and SMS, the service of the till. Odoo lists them and prints the agreement. A tax"
        " adviser, a bank and the post decide themselves and need none.\n\n"
        "If you run a web shop together with a wholesaler, you may decide together (Art. 26)."
        " Then ask for the arrangement and enter the partner in the register.\n\n"
        "Firms that got data of a customer must be told of an erasure. Odoo keeps a list and prints"
        " the letter. With these processors an agreement is missing or not noted yet:"),
        data='processors_without_contract'),
    Block('staff', _lt("Those who work in the shop"), _lt("Art. 29, 32 (4) GDPR; § 26 BDSG"), _lt(
        "Everybody who sees data of customers signs the commitment to confidentiality, also"
        " temporary staff and trainees. Talk about it once a year, with examples from the shop.\n"
        "- Each person has an own login.\n"
        "- Lock the screen when you go, and turn it away where customers can look.\n"
        "- Look up only the customers whom you serve. Curiosity about a neighbour is no reason.\n"
        "- Private telephones and private notes are no place for customers.\n\n"
        "Data of employees and applicants are protected in the same way. Delete applications"
        " some months after the refusal.")),
    Block('register', _lt("The register"), _lt("Art. 30 GDPR"), _lt(
        "A shop with a file of customers keeps a register of processing activities, however"
        " small it is, because it works with these data all the time. The authority can ask for"
        " it.\n\n"
        "It is there as a draft, with the activities of a shop. Kinds of data and periods come"
        " from the map by which Odoo really erases, so they are always right. You enter who is"
        " responsible, whether data go to countries outside Europe, and what is different at"
        " your shop. Odoo says what is missing, and reminds you of the review once a year. The"
        " filled example shows how it can look.")),
    Block('security', _lt("Security"), _lt("Art. 25, 32 GDPR"), _lt(
        "Protect data as you protect the till. The checklist of measures asks for what Odoo"
        " cannot know: doors, keys, wireless network, encrypted disks, backups. Fill in the dots"
        " and look at it once a year.\n\n"
        "A risk assessment as in Art. 35 is normally not needed for the file of a shop. Cameras"
        " or large profiles can make it necessary; note the reason in the register either way."
        " This is set in Odoo now:"), data='measures_here'),
    Block('breach', _lt("When something goes wrong"), _lt("Art. 33, 34 GDPR"), _lt(
        "A lost tablet, a mail to the wrong customer, a list in the waste paper, a virus: that"
        " happens. What counts is that you act at once.\n"
        "- Whoever notices it tells the privacy officer on the same day. Nobody is blamed for"
        " that.\n"
        "- Note what happened, also if it turns out to be harmless.\n"
        "- If there is a risk for the persons, the authority must know within {hours} hours of"
        " your noticing it. If not everything is known by then, add it later.\n"
        "- If the risk is high, tell the persons, too, in plain words.\n\n"
        "Odoo counts the hours, reminds you, and prints both letters. Your authority:"),
        data='authority'),
    Block('officer', _lt("Do you need an officer?"), _lt("Art. 37 GDPR; § 38 BDSG"), _lt(
        "If at least 20 persons permanently work with data on computers, yes. Then enter the"
        " officer in the settings; the documents name this person, and the authority must know"
        " the contact.\n\n"
        "Below that you need none, but all other duties stay, and somebody should be in charge."
        " In Odoo this is the group of privacy officers. The name of this group does not make"
        " anybody the officer of the law.")),
    Block('visit', _lt("When the authority writes"), _lt("Art. 5 (2), 31, 58 GDPR"), _lt(
        "The authority asks for papers first. Most of them are here:\n"
        "- the register, complete and reviewed;\n"
        "- the customer information, and how customers get it;\n"
        "- the agreements with processors;\n"
        "- the deletion concept, and a certificate of an erasure as an example;\n"
        "- the measures, filled in;\n"
        "- the proof of a consent, from the ledger;\n"
        "- the register of breaches.\n\n"
        "Answer in time, truthfully, and no more than what was asked. With a letter that you do"
        " not understand, ask an adviser.")),
    Block('limits', _lt("What Odoo does not do"), _lt("Art. 24 GDPR"), _lt(
        "- It asks nobody by itself for a consent.\n"
        "- It does not check letters that you print and post, nor a message that you write to a"
        " single customer by hand.\n"
        "- It does not erase in backups, on paper, in the mailbox of the shop, and in other"
        " programs.\n"
        "- It does not read pictures and scans when it searches at night.\n"
        "- It does not put together an answer to a request at the push of a button.\n"
        "- It does not know the law of tomorrow. Periods and deadlines are data that you can"
        " change when the law does.")),
    Block('year', _lt("Once a year"), _lt("Art. 5 (2), 24, 32 (1) (d) GDPR"), _lt(
        "- Review the register, the measures and the periods.\n"
        "- Read the documents again that Odoo marks as outdated, and make them anew.\n"
        "- Try a restore of a backup, and erase again what it brought back.\n"
        "- Let Odoo verify the ledger.\n"
        "- Talk with all employees about what they may say and note.\n"
        "- Take away the rights of those who left.\n"
        "- Throw away what is not needed any more: paper, exports, old mails, old tablets.")),
])
