import { user } from "@web/core/user";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { emptyCustomerStores } from "../customer_stores/customer_stores";

/** A page that offers the login is what is seen after a log-out, by whatever way. */
export class ForgetAtLogout extends Interaction {
    static selector = ".oe_login_form, a[href^='/web/login']";

    start() {
        if (!user.userId) {
            emptyCustomerStores().catch((error) => console.warn("DSGVO:", error?.name));
        }
    }
}

registry.category("public.interactions").add("dsgvo.forget_at_logout", ForgetAtLogout);
