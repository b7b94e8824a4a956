// Whom a desk speaks with: the station of this machine, or the dummy line of the practice.
import { call } from "./call";
import { follow, type Feed } from "./feed";
import type { FeedEvent } from "./types";

export interface Station {
  call<T = unknown>(method: "GET" | "POST", path: string, body?: unknown): Promise<T>;
  follow(since: () => number, tell: (event: FeedEvent) => void, refused: () => void): Feed;
}

export const theStation: Station = { call, follow };
