import { acknowledge } from "./desk_messages";
import { render } from "preact";
import { Desk } from "./desk";
import { answer } from "./desk_watch";
import { write } from "./desk_writing";
import { escapes, KEYS } from "./state/keys";
import { App } from "./views/app";
import "./style/base.css";
import "./style/lines.css";
import "./style/messages.css";
import "./style/screens.css";

const desk = new Desk();
const root = document.getElementById("desk")!;
const draw = (): void => render(<App desk={desk} state={desk.state} />, root);
desk.watch(draw);

let escaped = -Infinity;
window.addEventListener(
  "keydown",
  (event) => {
    desk.touch();
    const at = desk.state.practice?.desk ?? desk;
    if (event.key === "Escape") {
      const { cover, last } = escapes(escaped, performance.now());
      escaped = last;
      if (cover) at.set({ covered: !at.state.covered, panel: null });
      return;
    }
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (act === "cover") at.set({ covered: !at.state.covered, panel: null });
    else if (at.state.screen.is !== "desk" || at.state.covered || !at.state.live) return;
    else if (act === "help") at.panel(at.state.panel === "help" ? null : "help");
    else if (act === "acknowledge") void acknowledge(at);
    else if (act === "write") write(at);
    else if (act === "answer") void (at.may("watch") && answer(at));
    else if (act === "wall") at.set({ wall: !at.state.wall });
    event.preventDefault();
  },
  true,
);
for (const kind of ["pointerdown", "pointermove", "wheel"]) window.addEventListener(kind, () => desk.touch(), { passive: true });
window.addEventListener("hashchange", () => history.replaceState(null, "", "/"));

void desk.start();
