// The watch of this side, and the drills of the other.
import { path } from "./api/call";
import type { Desk } from "./desk";

export const take = (desk: Desk): Promise<boolean> => desk.try(() => desk.call("POST", "watch/take", { initials: desk.initials() }));
export const handOver = (desk: Desk, initials: string): Promise<boolean> => desk.try(() => desk.call("POST", "watch/hand-over", { initials }));
export const answer = (desk: Desk): Promise<boolean> => desk.try(() => desk.call("POST", "watch/answer", {}));
export const exercise = (desk: Desk, on: boolean): Promise<boolean> => desk.try(() => desk.call("POST", "watch/exercise", { on, initials: desk.initials() }));
export const drill = (desk: Desk, line: string): Promise<boolean> => desk.try(() => desk.call("POST", path("lines", line, "drill"), {}));
