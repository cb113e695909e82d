import { expect, test } from "@odoo/hoot";
import { ImportDataOptions } from "@base_import/import_data_options/import_data_options";

const options = (name) =>
    ImportDataOptions.prototype.loadOptions.call({
        currentModel: "res.partner",
        props: { fieldInfo: { name, type: "selection", required: false } },
        orm: {
            call: async () => ({ [name]: { selection: [["granted", "Granted"]] } }),
        },
    });

test("an import offers no decision for cells that cannot be read", async () => {
    const values = async (name) => (await options(name)).map(([value]) => value);
    expect(await values("consent_storage")).not.toInclude("granted");
    expect(await values("decision")).not.toInclude("granted");
    expect(await values("lang")).toInclude("granted");
});
