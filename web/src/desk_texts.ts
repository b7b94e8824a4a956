// Texts of messages, fetched when they are shown and again when a message is not as it was.
import { path, Refusal } from "./api/call";
import type { Message } from "./api/types";
import type { Desk } from "./desk";
import { messagesOf } from "./state/message";

const PREVIEWS = 20;

export class Texts {
  #asked = new Set<string>();
  constructor(readonly desk: Desk) {}

  /** This one is not as it was; without an id, all may be gone. */
  stale(id?: string): void {
    if (id === undefined) this.#asked.clear();
    else this.#asked.delete(id);
  }

  previews(): void {
    const { line, picture } = this.desk.state;
    if (line === null) return;
    for (const message of messagesOf(picture.messages, line).slice(-PREVIEWS)) {
      if (message.kind === "text" || message.kind === "read-back") void this.fetch(message.id, false);
    }
  }

  async fetch(id: string, anew: boolean): Promise<void> {
    if (!anew && this.#asked.has(id)) return;
    this.#asked.add(id);
    try {
      const message = await this.desk.call<Message>("GET", path("messages", id));
      if (this.desk.state.screen.is !== "desk") return;
      const texts = new Map(this.desk.state.texts);
      texts.set(id, message);
      this.desk.set({ texts });
    } catch (error) {
      this.#asked.delete(id);
      if (!(error instanceof Refusal)) throw error;
    }
  }
}
