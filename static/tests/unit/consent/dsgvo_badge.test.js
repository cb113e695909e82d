import { expect, test } from "@odoo/hoot";
import { queryText } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { withoutTillAndChat } from "../without_services";
import { DsgvoBadge } from "@dsgvo/consent/dsgvo_badge/dsgvo_badge";

const STATES = [
    ["none", "No Consent"],
    ["partial", "Some Consents"],
    ["full", "All Consents"],
];

class Partner extends models.Model {
    _name = "res.partner";

    name = fields.Char();
    is_company = fields.Boolean();
    dsgvo_subject_id = fields.Many2one({ relation: "res.partner" });
    consent_state = fields.Selection({ selection: STATES });
    consent_text = fields.Char();
    consent_date = fields.Date();
    consent_expiry_date = fields.Date();
    dsgvo_expired_notice = fields.Char();
    consent_storage = fields.Char();
    consent_notification = fields.Char();
    consent_marketing = fields.Char();

    _records = [
        { id: 1, name: "Adelheid", dsgvo_subject_id: 1, consent_state: "none" },
        {
            id: 2,
            name: "Bertram",
            dsgvo_subject_id: 2,
            consent_state: "partial",
            consent_text: "Kunde hat zugestimmt.",
            consent_date: "2026-03-01",
            consent_notification: "granted",
            consent_marketing: "refused",
        },
        { id: 3, name: "Lager", dsgvo_subject_id: 1, consent_state: "none" },
        {
            id: 5,
            name: "Clemens",
            dsgvo_subject_id: 5,
            consent_state: "none",
            consent_marketing: "refused",
        },
        {
            id: 4,
            name: "Schule",
            is_company: true,
            dsgvo_subject_id: 4,
            consent_state: "full",
            consent_marketing: "granted",
        },
    ];
    _views = {
        "form,dsgvo.res_partner_view_form_consents": `<form><field name="name"/></form>`,
    };
}

class Order extends models.Model {
    _name = "order";

    partner_id = fields.Many2one({ relation: "res.partner" });
    consent_state = fields.Selection({ selection: STATES });
    notification_type = fields.Char();
    terms = fields.Char();

    _records = [{ id: 1, partner_id: 1, consent_state: "none", terms: "30 days" }];
}

withoutTillAndChat();
defineModels([Partner, Order]);
onRpc("has_group", () => true);

const BADGE = ".o_dsgvo_badge";
const PROOF = ".o_dsgvo_proof";
const ARCH = `
    <form>
        <field name="partner_id" on_change="1"/>
        <field name="notification_type"/>
        <field name="terms"/>
        <field name="consent_state" widget="dsgvo_badge" readonly="1"
               options="{'refresh': ['notification_type', 'not_in_this_form']}"/>
    </form>`;

function mountBadge(partnerId, state, refused) {
    return mountWithCleanup(DsgvoBadge, {
        props: {
            partnerId,
            state,
            refused,
            onClosed: () => expect.step("closed"),
        },
    });
}

test("the badge is grey without a consent and coloured with one", async () => {
    await mountBadge(1, "none");
    expect(BADGE).toHaveClass("text-bg-secondary");
    expect(BADGE).toHaveAttribute("aria-label", "DSGVO – none");
    await mountBadge(2, "partial");
    expect(`${BADGE}[data-state=partial]`).toHaveClass("text-bg-warning");
});

test("without the consents in words, text and shape tell the state as well as the colour", async () => {
    await mountBadge(2, "partial");
    await mountBadge(4, "full");
    expect(`${BADGE}[data-state=partial]`).toHaveText("DSGVO – some");
    expect(`${BADGE}[data-state=partial] .fa-adjust`).toHaveCount(1);
    expect(`${BADGE}[data-state=full]`).toHaveText("DSGVO – all");
    expect(`${BADGE}[data-state=full] .fa-check-circle`).toHaveCount(1);
});

test("a refusal differs from no question in text, shape and colour", async () => {
    await mountBadge(1, "none");
    expect(BADGE).toHaveText("DSGVO – none");
    expect(`${BADGE} .fa-question-circle-o`).toHaveCount(1);
    await mountBadge(5, "none", true);
    const refused = `${BADGE}[data-refused]`;
    expect(refused).toHaveText("DSGVO – refused");
    expect(refused).toHaveAttribute("aria-label", "DSGVO – refused");
    expect(refused).toHaveAttribute("title", "No consent: refused");
    expect(refused).toHaveClass("text-bg-dark");
    expect(`${refused} .fa-times-circle`).toHaveCount(1);
});

test("in a list the word that differs comes first, and whoever hears it knows what it is of", async () => {
    await mountView({
        type: "list",
        resModel: "order",
        arch: `<list>
            <field name="partner_id" column_invisible="1"/>
            <field name="terms" column_invisible="1"/>
            <field name="consent_state" widget="dsgvo_badge" readonly="1"
                   options="{'summary_field': 'terms'}"/>
        </list>`,
    });
    expect(BADGE).toHaveText("30 days");
    expect(BADGE).toHaveAttribute("aria-label", "DSGVO – 30 days");
});

test("a coloured badge shows text, date and the three consents", async () => {
    await mountBadge(2, "partial");
    await contains(BADGE).click();
    expect(`${PROOF} .o_dsgvo_text`).toHaveText("Kunde hat zugestimmt.");
    expect(`${PROOF} .o_dsgvo_date`).toHaveText("03/01/2026");
    expect(`${PROOF} [data-consent=consent_storage] .badge`).toHaveText("Never asked");
    expect(`${PROOF} [data-consent=consent_notification] .badge`).toHaveText("Granted");
    expect(`${PROOF} [data-consent=consent_marketing] .badge`).toHaveText("Refused");
});

test("a company is shown with advertising only", async () => {
    await mountBadge(4, "full");
    await contains(BADGE).click();
    expect(`${PROOF} li`).toHaveCount(1);
    expect(`${PROOF} li`).toHaveText(/Advertising/);
});

test("a grey badge opens the consents of the person whose address it is", async () => {
    await mountBadge(3, "none");
    await contains(BADGE).click();
    expect(".modal .o_field_widget[name=name] input").toHaveValue("Adelheid");
    await contains(".modal .o_form_button_cancel").click();
    expect.verifySteps(["closed"]);
});

test("the server decides whether the proof or the consents open", async () => {
    await mountBadge(1, "full");
    await contains(BADGE).click();
    expect(PROOF).toHaveCount(0);
    expect(".modal").toHaveCount(1);
});

test("the badge of a customer who was erased says so", async () => {
    await mountBadge(99, "full");
    await contains(BADGE).click();
    expect(".o_notification").toHaveText(/was erased/);
    expect(`${PROOF}, .modal`).toHaveCount(0);
});

test("consents that are open are not opened a second time, and can be again afterwards", async () => {
    const badge = await mountBadge(2, "partial");
    const subject = { id: 2 };
    await Promise.all([badge.change(subject), badge.change(subject)]);
    await contains(".modal .o_form_button_cancel").click();
    expect(".modal").toHaveCount(0);
    await badge.change(subject);
    await contains(".modal .o_form_button_cancel").click();
    expect.verifySteps(["closed", "closed"]);
});

test("an order not yet saved is proposed anew and keeps what was typed", async () => {
    onRpc("order", "onchange", ({ args, parent }) => {
        const [, values, changed, specification] = args;
        if ("terms" in specification) {
            return changed.length ? { value: { consent_state: "none" } } : parent();
        }
        expect.step([values, changed, Object.keys(specification)]);
        return { value: { consent_state: "partial", notification_type: "M" } };
    });
    await mountView({ type: "form", resModel: "order", arch: ARCH });
    expect(BADGE).toHaveCount(0);
    await contains(".o_field_widget[name=partner_id] input").click();
    await contains(".o-autocomplete--dropdown-item:contains(Adelheid)").click();
    await contains(".o_field_widget[name=terms] input").edit("typed by hand");
    await contains(BADGE).click();
    await contains(".modal .o_form_button_cancel").click();
    expect.verifySteps([
        [{ partner_id: 1 }, ["partner_id"], ["consent_state", "notification_type"]],
    ]);
    expect(BADGE).toHaveAttribute("data-state", "partial");
    await animationFrame();
    expect(".o_dsgvo_announcer[role=status]").toHaveText("DSGVO – some");
    expect(".o_field_widget[name=notification_type] input").toHaveValue("M");
    expect(".o_field_widget[name=terms] input").toHaveValue("typed by hand");
});

test("a saved order is saved before and read again after", async () => {
    onRpc("order", "web_save", ({ args }) => expect.step(args[1]));
    await mountView({ type: "form", resModel: "order", resId: 1, arch: ARCH });
    await contains(".o_field_widget[name=terms] input").edit("typed by hand");
    await contains(BADGE).click();
    expect.verifySteps([{ terms: "typed by hand" }]);
    const heard = queryText(".o_dsgvo_announcer");
    MockServer.env["order"].write([1], { consent_state: "full" });
    await contains(".modal .o_form_button_cancel").click();
    expect(".o_field_widget[name=terms] input").toHaveValue("typed by hand");
    expect(BADGE).toHaveAttribute("data-state", "full");
    await animationFrame();
    expect(heard).not.toBe("DSGVO – all");
    expect(".o_dsgvo_announcer[role=status]").toHaveText("DSGVO – all");
});
