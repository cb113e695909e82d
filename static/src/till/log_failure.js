import { ConnectionLostError } from "@web/core/network/rpc";

/**
 * Log an error that must not disturb the sale, without data of a person.
 *
 * Being offline is none: what failed is done again when the till is online.
 */
export function logFailure(method, error) {
    if (!(error instanceof ConnectionLostError)) {
        console.error(`DSGVO: ${method} failed:`, error.exceptionName || error.stack);
    }
}
