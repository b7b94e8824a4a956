// The seat: which screen a person is before, and what moves them to another.
import type { Operator, Seat } from "../api/types";

export type Screen =
  | { is: "opening" } // the link is being shown to the station
  | { is: "resume" } // a cookie may be there, the token is not: name and passphrase
  | { is: "first" } // no operator yet
  | { is: "sign-in" }
  | { is: "locked" } // the store is: its passphrase comes first
  | { is: "desk"; operator: Operator }
  | { is: "no-seat" }; // only a new link helps

export type SeatEvent =
  | { is: "seat"; seat: Seat }
  | { is: "no-seat" }
  | { is: "signed-out" }
  | { is: "ended" }; // the token holds no longer

export function seated(screen: Screen, event: SeatEvent): Screen {
  switch (event.is) {
    case "seat":
      if (event.seat.operator) return { is: "desk", operator: event.seat.operator };
      if (event.seat.locked === true) return { is: "locked" };
      return event.seat.first_run === true ? { is: "first" } : { is: "sign-in" };
    case "signed-out":
      return { is: "sign-in" };
    case "no-seat":
      return { is: "no-seat" };
    case "ended":
      return screen.is === "no-seat" ? screen : { is: "resume" };
  }
}

/** The link's secret, where the fragment has one: 32 bytes in base64url. */
export function secretOf(fragment: string): string | null {
  const match = /^#([A-Za-z0-9_-]{43})$/.exec(fragment);
  return match?.[1] ?? null;
}

/** Nobody touched the desk for so long: it locks itself. A minute before, it says so. */
export const idleState = (lastTouch: number, now: number, idleMs: number): "used" | "soon" | "idle" => {
  const left = idleMs - (now - lastTouch);
  if (left <= 0) return "idle";
  return left <= 60_000 && idleMs > 120_000 ? "soon" : "used";
};
