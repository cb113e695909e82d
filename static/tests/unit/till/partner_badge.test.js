import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { PartnerBadge } from "@dsgvo/till/partner_badge/partner_badge";

definePosModels();

const BADGE = ".o_dsgvo_badge";
const ANSWERS = { storage: "granted", notification: "refused", marketing: "granted" };

async function mountBadge(values, props = { isInList: true }) {
    await setupPosEnv();
    const partner = { id: 7, consent_state: "partial", dsgvo_answers: ANSWERS, ...values };
    await mountWithCleanup(PartnerBadge, { props: { partner, ...props } });
}

test("in a list the badge says which consents there are", async () => {
    await mountBadge({});
    expect(BADGE).toHaveText("DSGVO – Storage, Advertising");
});

test("beside the customer of the order it has no room for them", async () => {
    await mountBadge({}, {});
    expect(BADGE).toHaveText("DSGVO – some");
});

test("a row of a screened till says no more than the state", async () => {
    await mountBadge({ dsgvo_answers: undefined });
    expect(BADGE).toHaveText("DSGVO – some");
    expect(BADGE).toHaveAttribute("aria-label", "DSGVO – some");
});

test("without a consent the badge tells refused from never asked", async () => {
    await mountBadge({ consent_state: "none", dsgvo_refused: true });
    expect(BADGE).toHaveText("DSGVO – refused");
});

test("all consents are not listed", async () => {
    await mountBadge({ consent_state: "full" });
    expect(BADGE).toHaveText("DSGVO – all");
});
