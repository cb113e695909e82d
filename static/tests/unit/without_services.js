import { beforeEach } from "@odoo/hoot";
import { registry } from "@web/core/registry";

/**
 * Do not start the till and the chat in the tests of this file: they would load their data first.
 *
 * Hoot restores the registry after each test.
 */
export function withoutTillAndChat() {
    beforeEach(() => {
        const services = registry.category("services");
        const unwanted = new Set(["pos_data", "mail.store"]);
        let known;
        do {
            known = unwanted.size;
            for (const [name, { dependencies = [] }] of services.getEntries()) {
                if (dependencies.some((dependency) => unwanted.has(dependency))) {
                    unwanted.add(name);
                }
            }
        } while (unwanted.size > known);
        unwanted.forEach((name) => services.remove(name));
    });
}
