// What a person says about a message that came.
import { path } from "./api/call";
import type { Stage } from "./api/types";
import type { Desk } from "./desk";
import { waiting } from "./state/message";

export const stage = (desk: Desk, id: string, word: Stage, post?: string): Promise<boolean> =>
  desk.try(() => desk.call("POST", path("messages", id, "stage"), { stage: word, initials: desk.initials(), ...(post ? { post } : {}) }));

/** From anywhere: the most urgent of what waits is opened and said to be read. */
export async function acknowledge(desk: Desk): Promise<void> {
  const first = waiting(desk.state.picture.messages).find((m) => m.kind !== "drill");
  if (!first || !desk.state.live || !desk.may("stage")) return;
  desk.set({ line: first.line, writing: false, panel: null, wall: false });
  desk.open(first.id);
  await stage(desk, first.id, "read");
}
