import js from "@eslint/js";
import globals from "globals";

export default [
    js.configs.recommended,
    {
        languageOptions: { globals: { ...globals.browser, odoo: "readonly", luxon: "readonly" } },
        rules: {
            "no-restricted-globals": ["error", "event", "self"],
            "prefer-const": "error",
            curly: "error",
            // Hoot leaves these out without a word in its totals.
            "no-restricted-syntax": [
                "error",
                "CallExpression[callee.object.name=/^(test|describe)$/][callee.property.name=/^(skip|todo|only|debug)$/]",
            ],
        },
    },
];
