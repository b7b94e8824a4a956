/** An id that nothing has yet: 32 hexadecimal digits. */
export const newId = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
