// Messages of a line: their order, what waits for us, what a person may say about one.
import type { Message, Stage } from "../api/types";

/** Oldest first; of two of one moment the smaller id first, so that the order never changes. */
export function messagesOf(all: ReadonlyMap<string, Message>, line: string): Message[] {
  const out: Message[] = [];
  for (const message of all.values()) if (message.line === line) out.push(message);
  return out.sort((a, b) => arrived(a) - arrived(b) || (a.id < b.id ? -1 : 1));
}

/** When it came here or was made here. The time of receipt counts, not the far clock. */
export const arrived = (message: Message): number =>
  (message.direction === "in" ? message.stages.find((s) => s.by === "here" && s.stage === "stored")?.at_ms : undefined) ?? message.created_ms;

/** Does it wait for a person here? As the station counts `unread`: nobody here has set a stage. */
export const waits = (message: Message): boolean =>
  message.direction === "in" && !message.stages.some((s) => s.by === "here" && s.stage !== "stored");

/** What waits, the first clock first. */
export function waiting(all: ReadonlyMap<string, Message>): Message[] {
  const out: Message[] = [];
  for (const message of all.values()) if (waits(message)) out.push(message);
  return out.sort((a, b) => (a.acknowledge_by_ms ?? Infinity) - (b.acknowledge_by_ms ?? Infinity) || arrived(a) - arrived(b));
}

/** Does a clock of ours run out on the far side? What we sent and nobody there has acknowledged. */
export const awaitsThem = (message: Message): boolean =>
  message.direction === "out" && !message.stages.some((s) => s.by === "there" && s.stage !== "stored");

export const lastStage = (message: Message): Stage | null => {
  const order: Stage[] = ["draft", "released", "sent", "stored", "read", "translated", "passed", "seen", "answered", "declined", "not-now"];
  let best = -1;
  for (const mark of message.stages) best = Math.max(best, order.indexOf(mark.stage));
  return order[best] ?? null;
};

const BY_HAND: Stage[] = ["read", "passed", "seen", "answered", "not-now", "declined"];

/** The words that a person here may still say about it. */
export function sayable(message: Message): Stage[] {
  if (message.direction !== "in") return [];
  if (message.kind === "drill") return [];
  if (message.kind === "read-back") return message.stages.some((s) => s.by === "here" && s.stage === "read") ? [] : ["read"];
  const said = new Set(message.stages.filter((s) => s.by === "here").map((s) => s.stage));
  return BY_HAND.filter((stage) => stage === "passed" || !said.has(stage));
}
