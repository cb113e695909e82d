const STORE = "answer";

/**
 * Answers of customers which the server has not confirmed yet, in their order.
 *
 * A database of its own: core drops that of the till when the settings of the till were changed.
 * What was added is on the disk, so it survives a reload, a crash and a dead battery.
 */
export class AnswerQueue {
    constructor(name) {
        this.name = name;
    }

    async add(answer) {
        await this.change((store) => store.add(answer));
    }

    /** @returns {Promise<Object[]>} the oldest first */
    async getAll() {
        const database = await this.open();
        try {
            return await result(database.transaction(STORE).objectStore(STORE).getAll());
        } finally {
            database.close();
        }
    }

    async remove(answers) {
        if (answers.length) {
            await this.change((store) => answers.forEach(({ number }) => store.delete(number)));
        }
    }

    async change(work) {
        const database = await this.open();
        try {
            const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
            work(transaction.objectStore(STORE));
            await new Promise((resolve, reject) => {
                transaction.oncomplete = resolve;
                transaction.onabort = () => reject(transaction.error);
            });
        } finally {
            database.close();
        }
    }

    open() {
        const request = indexedDB.open(this.name, 1);
        request.onupgradeneeded = () =>
            request.result.createObjectStore(STORE, { keyPath: "number", autoIncrement: true });
        return result(request);
    }
}

function result(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}
