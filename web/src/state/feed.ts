// What the station has told: events in, a picture out. Time is passed in; nothing here reads a clock.
import type { FeedEvent, Line, Message, Status } from "../api/types";

export interface Picture {
  status: Status | null;
  heardAt: number; // the page's own steady clock, when the last status came
  seq: number;
  messages: ReadonlyMap<string, Message>;
}

export const nothing: Picture = { status: null, heardAt: -Infinity, seq: 0, messages: new Map() };

/** The last status of a live feed is at most a second old; at this age the loss is at most two seconds old. */
export const LIVE_MS = 2_000;

/** What it is after these events; many at once cost one copy of the map. */
export function heard(picture: Picture, events: readonly FeedEvent[], now: number): Picture {
  let { status, heardAt, seq } = picture;
  let messages: Map<string, Message> | null = null;
  for (const event of events) {
    if (event.event === "status") {
      status = event.status;
      heardAt = now;
    } else if (event.event === "reset") {
      messages = new Map();
      seq = event.seq;
    } else if (event.event === "message" && event.seq > seq) {
      messages ??= new Map(picture.messages);
      messages.set(event.message.id, event.message);
      seq = event.seq;
    }
  }
  return { status, heardAt, seq, messages: messages ?? picture.messages };
}

export const isLive = (picture: Picture, now: number): boolean => now - picture.heardAt < LIVE_MS;

/** The station's clock as of now: its last word, and what has passed here since. */
export const stationNow = (picture: Picture, now: number): number =>
  picture.status === null ? 0 : picture.status.now_ms + Math.max(0, now - picture.heardAt);

export const linesOf = (picture: Picture): readonly Line[] => picture.status?.lines ?? [];
