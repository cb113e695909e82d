// The same colour for the same decision or state in all charts, and another one for each that
// stands beside it; consent alone is green. Legends name each of them, so nobody has to know a
// colour.
export const COLORS = {
    granted: "#1e7e34",
    full: "#1e7e34",
    partial: "#b36b00",
    refused: "#c0303d",
    withdrawn: "#4a1942",
    expired: "#8a6d3b",
    never: "#6c757d",
    none: "#6c757d",
    due: "#0b6e8c",
    blocked: "#b36b00",
    restricted: "#6f42c1",
    done: "#343a40",
    cancelled: "#868e96",
    // Message types: red would be a refusal.
    M: "#0b6e8c",
    T: "#6f42c1",
    S: "#b36b00",
    B: "#4a1942",
    K: "#6c757d",
};
