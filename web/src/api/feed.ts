// The station's events, followed for ever: after a break it goes on behind the last number that was heard.
import type { FeedEvent } from "./types";
import { getToken } from "./call";

const TRY_AGAIN_MS = 400;
const SILENT_MS = 3_000;

export interface Feed {
  stop(): void;
}

/** `since` gives the last number heard; `tell` gets each event; `refused` hears of a connection that ended before it told anything. */
export function follow(since: () => number, tell: (event: FeedEvent) => void, refused: () => void): Feed {
  let socket: WebSocket | null = null;
  let timer: number | undefined;
  let silence: number | undefined;
  let stopped = false;

  const again = (): void => {
    window.clearTimeout(silence);
    if (socket) {
      socket.onmessage = socket.onclose = socket.onopen = null;
      socket.close();
      socket = null;
    }
    window.clearTimeout(timer);
    if (!stopped) timer = window.setTimeout(open, TRY_AGAIN_MS);
  };
  // A station that hangs keeps its socket: what is silent is dropped and asked anew.
  const heard = (): void => {
    window.clearTimeout(silence);
    silence = window.setTimeout(again, SILENT_MS);
  };
  const open = (): void => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    let told = false;
    const mine = new WebSocket(`${scheme}://${location.host}/api/v1/events?since=${since()}`);
    socket = mine;
    heard();
    mine.onopen = () => mine.send(JSON.stringify({ token: getToken() }));
    mine.onmessage = (message) => {
      heard();
      told = true;
      let event: FeedEvent;
      try {
        event = JSON.parse(String(message.data)) as FeedEvent;
      } catch {
        again();
        return;
      }
      tell(event);
    };
    mine.onclose = () => {
      if (!told) refused();
      again();
    };
  };
  open();
  return {
    stop() {
      stopped = true;
      again();
    },
  };
}
