import { acknowledge } from "./desk_messages";
import { render } from "preact";
import { Desk } from "./desk";
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
    if (event.key === "Escape") {
      const { cover, last } = escapes(escaped, performance.now());
      escaped = last;
      if (cover) desk.set({ covered: !desk.state.covered, panel: null });
      return;
    }
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (act === "cover") desk.set({ covered: !desk.state.covered, panel: null });
    else if (desk.state.screen.is !== "desk" || desk.state.covered || !desk.state.live) return;
    else if (act === "help") desk.panel(desk.state.panel === "help" ? null : "help");
    else if (act === "acknowledge") void acknowledge(desk);
    else if (act === "write") write(desk);
    else if (act === "answer") void (desk.may("watch") && desk.answer());
    else if (act === "wall") desk.set({ wall: !desk.state.wall });
    event.preventDefault();
  },
  true,
);
for (const kind of ["pointerdown", "pointermove", "wheel"]) window.addEventListener(kind, () => desk.touch(), { passive: true });
window.addEventListener("hashchange", () => history.replaceState(null, "", "/"));

void desk.start();
