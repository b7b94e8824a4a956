// When the desk makes itself heard.
import type { Message } from "../api/types";
import type { Picture } from "./feed";
import { waits } from "./message";

export type Alarm = "quiet" | "ring";

/** A drill from there that nobody here has answered. */
export const drillWaits = (message: Message): boolean =>
  message.kind === "drill" && message.direction === "in" && !message.stages.some((s) => s.by === "here" && s.stage === "answered");

/** Rings while a FLASH or a drill waits, while a clock is over, and while anything waits and nobody has the watch. */
export function alarmOf(picture: Picture, now: number): Alarm {
  const unattended = picture.status !== null && picture.status.watch.initials === null;
  for (const message of picture.messages.values()) {
    if (drillWaits(message)) return "ring";
    if (!waits(message)) continue;
    if (message.kind === "drill") continue;
    if (unattended || message.precedence === "flash") return "ring";
    if (message.acknowledge_by_ms !== null && message.acknowledge_by_ms <= now) return "ring";
  }
  return "quiet";
}
